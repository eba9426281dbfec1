package archfixture.persistence;

import com.fasterxml.jackson.core.JsonFactory;

/// Breaks `JACKSON_LIVES_WHERE_JSON_IS_SPOKEN`.
record WritesJson(JsonFactory json) {}
