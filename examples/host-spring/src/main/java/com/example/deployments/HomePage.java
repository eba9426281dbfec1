package com.example.deployments;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The application's own pages.
@RestController
class HomePage {
  @GetMapping("/")
  String home() {
    return "deployments";
  }

  @GetMapping("/health")
  String health() {
    return "fine";
  }
}
