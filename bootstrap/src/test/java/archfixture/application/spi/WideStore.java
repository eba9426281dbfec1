package archfixture.application.spi;

/// Breaks `PORTS_HAVE_AT_MOST_TEN_METHODS`: ten of its own and one inherited.
public interface WideStore extends Store {
  void one();

  void two();

  void three();

  void four();

  void five();

  void six();

  void seven();

  void eight();

  void nine();

  void ten();
}
