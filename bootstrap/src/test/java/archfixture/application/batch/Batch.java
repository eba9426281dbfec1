package archfixture.application.batch;

/// The application's own.
public interface Batch {
  void add();
}
