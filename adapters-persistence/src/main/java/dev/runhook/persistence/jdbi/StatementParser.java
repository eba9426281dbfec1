package dev.runhook.persistence.jdbi;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.StatementContext;

/// Finds `:name` and `?` in statements, except in literals, names and comments, and replaces the
/// schema for which all statements are written. It parses each statement once per process.
///
/// The parsers of JDBI need a hundred times the CPU time. They forget a statement together with its
/// `Jdbi`, and each transaction of a host has one of its own. Thread-safe.
final class StatementParser implements SqlParser {
  private static final Map<String, StatementParser> PARSERS = new ConcurrentHashMap<>();

  private static final Pattern TOKEN =
      Pattern.compile(
          """
          '[^']*'|"[^"]*"|--.*|(?s:/\\*.*?\\*/)|::|:(?<name>[A-Za-z_][\\w.]*)|(?<position>\\?)\
          """);

  /// The schema as the qualifier of a name, or as a literal.
  private static final Pattern SCHEMA =
      Pattern.compile("\\b%1$s(?=\\.)|(?<=')%1$s(?=')".formatted(BucketSchema.RUNHOOK));

  private final String schema;
  private final Map<String, ParsedSql> parsed = new ConcurrentHashMap<>();

  private StatementParser(String schema) {
    this.schema = Matcher.quoteReplacement(schema);
  }

  /// @param schema the name of the schema in which the tables are
  static StatementParser of(String schema) {
    return PARSERS.computeIfAbsent(schema, StatementParser::new);
  }

  @Override
  public ParsedSql parse(String sql, StatementContext context) {
    return parse(sql);
  }

  ParsedSql parse(String sql) {
    return parsed.computeIfAbsent(sql, this::parseOnce);
  }

  private ParsedSql parseOnce(String template) {
    String sql = SCHEMA.matcher(template).replaceAll(schema);
    ParsedSql.Builder statement = ParsedSql.builder();
    int end = 0;
    Matcher token = TOKEN.matcher(sql);
    while (token.find()) {
      String name = token.group("name");
      if (name == null && token.group("position") == null) {
        continue;
      }
      statement.append(sql.substring(end, token.start()));
      end = token.end();
      if (name == null) {
        statement.appendPositionalParameter();
      } else {
        statement.appendNamedParameter(name);
      }
    }
    return statement.append(sql.substring(end)).build();
  }

  @Override
  public String nameParameter(String name, StatementContext context) {
    return ":" + name;
  }
}
