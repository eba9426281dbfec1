package com.example.deployments;

import static org.springframework.security.config.Customizer.withDefaults;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/// The sign-in of the application, which Runhook's pages share.
@Configuration(proxyBeanMethods = false)
class Security {
  @Bean
  SecurityFilterChain filters(HttpSecurity http) {
    return http.authorizeHttpRequests(requests ->
            requests.requestMatchers("/", "/health").permitAll().anyRequest().authenticated())
        .httpBasic(withDefaults())
        .formLogin(withDefaults())
        .csrf(csrf -> csrf.ignoringRequestMatchers("/runhook/**")) // has its own protection
        .build();
  }

  @Bean
  UserDetailsService users() {
    return new InMemoryUserDetailsManager(
        User.withUsername("olivia").password("{noop}secret-of-olivia").roles("OPERATOR").build(),
        User.withUsername("ron").password("{noop}secret-of-ron").roles("USER").build());
  }
}
