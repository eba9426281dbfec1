package com.example.pipelines;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/// A row of the application.
@Entity
public class Pipeline {
  @Id private String id;
  private String state;

  protected Pipeline() {}

  Pipeline(String id, String state) {
    this.id = id;
    this.state = state;
  }

  String state() {
    return state;
  }

  void changeState(String next) {
    state = next;
  }
}
