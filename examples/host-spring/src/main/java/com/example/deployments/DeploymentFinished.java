package com.example.deployments;

import org.springframework.modulith.events.Externalized;

/// An event of the application, which other systems shall get.
@Externalized
public record DeploymentFinished(String deployment) {}
