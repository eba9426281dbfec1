package archfixture.outbound;

import archfixture.application.Refusal;

/// Breaks `DRIVEN_ADAPTERS_SEE_ONLY_THE_SPI`: not every shared word is for them.
record SeesRefusals(Refusal refusal) {}
