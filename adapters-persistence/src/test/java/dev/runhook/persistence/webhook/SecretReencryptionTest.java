package dev.runhook.persistence.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.secret.EncryptionKey;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.webhook.SecretReencryption.Count;
import dev.runhook.persistence.webhook.SecretReencryption.Rotation;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class SecretReencryptionTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private static final EncryptionKey OLD = EncryptionKey.parse("0a".repeat(32));
  private static final EncryptionKey NEW = EncryptionKey.parse("0b".repeat(32));
  private static final SecretCipher BY_OLD = new SecretCipher(Optional.of(OLD), List.of());
  private static final SecretCipher BY_NEW = new SecretCipher(Optional.of(NEW), List.of());
  private static final SecretCipher BY_BOTH = new SecretCipher(Optional.of(NEW), List.of(OLD));

  private final AtomicInteger endpoints = new AtomicInteger();

  @BeforeEach
  void deleteWebhooks() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.webhook"));
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.account_webhook"));
  }

  @Test
  void plaintext_and_values_encrypted_with_a_previous_key_are_reencrypted() {
    Webhook plain = addWebhooks(SecretCipher.none(), 1);
    Webhook old = addWebhooks(BY_OLD, 1);
    Webhook current = addWebhooks(BY_NEW, 1);
    String before = row(current);

    assertThat(count(BY_BOTH)).isEqualTo(new Count(1, 1, 1, 0));
    Rotation rotation =
        new SecretReencryption(POSTGRES.pool(), BY_BOTH, BucketSchema.ONLY).rotate();

    assertThat(rotation).isEqualTo(new Rotation(2, 1, List.of()));
    assertThat(count(BY_NEW)).isEqualTo(new Count(0, 3, 0, 0));
    assertThat(List.of(find(BY_NEW, plain), find(BY_NEW, old), find(BY_NEW, current)))
        .containsExactly(plain, old, current);
    assertThat(row(current)).isEqualTo(before);
    assertThat(row(plain)).doesNotContain(plain.keys().current().reveal(), "Bearer");
    assertThat(revisions(BY_NEW, old)).isEqualTo(revisions(BY_NEW, plain)).hasSize(3);
    assertThat(
            POSTGRES.count(
                "select count(*) from runhook.webhook_revision where header_key_id = '"
                    + NEW.id()
                    + "'"))
        .isEqualTo(6);
  }

  @Test
  void the_secrets_of_account_webhooks_are_counted_and_reencrypted() {
    Webhook webhook =
        Webhook.create(
            new WebhookId(new UUID(7, 7)),
            SelectorOwner.of(Samples.ACME, StackSelector.all()),
            WebhookSettings.of(Samples.endpoint(1)),
            SigningKeys.of(Samples.secret()),
            Samples.NOON);
    new JdbiTransactor(POSTGRES.pool(), BY_OLD).run(unit -> unit.accountWebhooks().put(webhook));

    assertThat(count(BY_BOTH)).isEqualTo(new Count(0, 0, 1, 0));
    Rotation rotation =
        new SecretReencryption(POSTGRES.pool(), BY_BOTH, BucketSchema.ONLY).rotate();

    assertThat(rotation).isEqualTo(new Rotation(1, 0, List.of()));
    assertThat(count(BY_NEW)).isEqualTo(new Count(0, 1, 0, 0));
    List<Webhook> found =
        new JdbiTransactor(POSTGRES.pool(), BY_NEW)
            .inTransaction(unit -> unit.accountWebhooks().list(Samples.ACME));
    assertThat(found).containsExactly(webhook);
  }

  @Test
  void undecryptable_headers_do_not_prevent_the_secret_from_being_reencrypted() {
    Webhook damaged = addWebhooks(BY_OLD, 1);
    POSTGRES
        .jdbi()
        .useHandle(handle -> handle.execute("update runhook.webhook set header_values = '{AAAA}'"));

    Rotation rotation =
        new SecretReencryption(POSTGRES.pool(), BY_BOTH, BucketSchema.ONLY).rotate();

    assertThat(rotation).isEqualTo(new Rotation(0, 0, List.of(damaged.id())));
    assertThat(find(BY_NEW, damaged).keys()).isEqualTo(damaged.keys());
    assertThat(find(BY_NEW, damaged).settings().headers().isDecrypted()).isFalse();
  }

  @Test
  void a_webhook_with_only_plaintext_headers_is_counted_and_encrypted() {
    Webhook webhook = addWebhooks(BY_NEW, 1);
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update runhook.webhook set header_values = '{plain}', header_key_id = null"));

    assertThat(count(BY_NEW)).isEqualTo(new Count(1, 0, 0, 0));
    assertThat(new SecretReencryption(POSTGRES.pool(), BY_NEW, BucketSchema.ONLY).rotate())
        .isEqualTo(new Rotation(1, 1, List.of()));
    assertThat(count(BY_NEW)).isEqualTo(new Count(0, 1, 0, 0));
    assertThat(find(BY_NEW, webhook).settings().headers().headers())
        .containsExactly(new Header("X-Key", "plain"));
  }

  @Test
  void an_undecryptable_webhook_can_be_edited_and_keeps_its_stored_secrets() {
    Webhook lost = addWebhooks(BY_OLD, 1);
    Webhook undecryptable = find(BY_NEW, lost);

    edit(BY_NEW, undecryptable.disabled(Samples.NOON, "disabled by Ada"));
    assertThat(find(BY_OLD, lost)).isEqualTo(lost.disabled(Samples.NOON, "disabled by Ada"));

    edit(BY_NEW, undecryptable.withoutPreviousSecret(Samples.NOON));
    assertThat(find(BY_OLD, lost)).isEqualTo(lost.withoutPreviousSecret(Samples.NOON));

    SigningSecret next = SigningSecret.parse("another");
    edit(BY_NEW, undecryptable.rotated(next, Samples.NOON, Duration.ofDays(1)));
    assertThat(find(BY_NEW, lost).keys()).isEqualTo(SigningKeys.of(next));
    assertThat(find(BY_NEW, lost).settings().headers().isDecrypted()).isFalse();
    assertThat(find(BY_BOTH, lost).settings()).isEqualTo(lost.settings());

    edit(BY_NEW, find(BY_NEW, lost).edited(withHeader(lost, "Bearer new"), Samples.NOON));
    assertThat(find(BY_NEW, lost).decryptionErrors()).isEmpty();
  }

  private static void edit(SecretCipher cipher, Webhook webhook) {
    new JdbiTransactor(POSTGRES.pool(), cipher)
        .run(unit -> {
          unit.webhooks().findForUpdate(webhook.stack(), webhook.id());
          unit.webhooks().save(webhook);
        });
  }

  private static List<String> revisions(SecretCipher cipher, Webhook webhook) {
    return POSTGRES
        .jdbi()
        .withHandle(handle ->
            new WebhookRevisions(new TransactionScope(handle, () -> false), cipher)
                .find(webhook.id(), List.of(1, 2, 3)).stream()
                    .map(revision ->
                        revision.number()
                            + " "
                            + revision.headers().headers().stream().map(Header::value).toList())
                    .toList());
  }

  @Test
  void more_than_one_batch_is_processed() {
    addWebhooks(SecretCipher.none(), 450);

    Rotation rotation = new SecretReencryption(POSTGRES.pool(), BY_NEW, BucketSchema.ONLY).rotate();

    assertThat(rotation).isEqualTo(new Rotation(450, 450, List.of()));
    assertThat(count(BY_NEW)).isEqualTo(new Count(0, 450, 0, 0));
  }

  @Test
  void undecryptable_webhooks_are_reported_and_left_unchanged() {
    Webhook lost = addWebhooks(BY_OLD, 1);
    Webhook plain = addWebhooks(SecretCipher.none(), 1);
    String before = row(lost);

    Rotation rotation = new SecretReencryption(POSTGRES.pool(), BY_NEW, BucketSchema.ONLY).rotate();

    assertThat(rotation).isEqualTo(new Rotation(1, 1, List.of(lost.id())));
    assertThat(row(lost)).isEqualTo(before);
    assertThat(count(BY_NEW)).isEqualTo(new Count(0, 1, 0, 1));
    assertThat(find(BY_NEW, plain)).isEqualTo(plain);
    assertThat(find(BY_OLD, lost)).isEqualTo(lost);
  }

  @Test
  void a_secret_copied_to_another_webhook_is_undecryptable_and_affects_no_other() {
    Webhook one = addWebhooks(BY_OLD, 1);
    Webhook other = addWebhooks(BY_OLD, 1);
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update runhook.webhook set secret = (select secret from runhook.webhook where id ="
                    + " ?) where id = ?",
                one.id().value(),
                other.id().value()));

    assertThat(find(BY_OLD, one)).isEqualTo(one);
    assertThat(find(BY_OLD, other).keys().current().isDecrypted()).isFalse();
    assertThat(
            new SecretReencryption(POSTGRES.pool(), BY_BOTH, BucketSchema.ONLY)
                .rotate()
                .undecryptable())
        .containsExactly(other.id());
  }

  @Test
  void a_rotation_without_a_key_is_rejected() {
    assertThatIllegalStateException()
        .isThrownBy(() ->
            new SecretReencryption(POSTGRES.pool(), SecretCipher.none(), BucketSchema.ONLY)
                .rotate());
  }

  private static Count count(SecretCipher cipher) {
    return new SecretReencryption(POSTGRES.pool(), cipher, BucketSchema.ONLY).count();
  }

  private static WebhookSettings withHeader(Webhook webhook, String value) {
    WebhookSettings old = webhook.settings();
    CustomHeaders headers = new CustomHeaders(List.of(new Header("X-Key", value)));
    return new WebhookSettings(
        old.endpoint(), old.name(), old.subscription(), headers, old.delivery());
  }

  /// Adds webhooks with headers, a secret and a previous secret. Returns the last one.
  private Webhook addWebhooks(SecretCipher cipher, int count) {
    JdbiTransactor transactor = new JdbiTransactor(POSTGRES.pool(), cipher);
    return transactor.inTransaction(unit -> {
      StoreFixture.addStack(unit);
      Webhook last = StoreFixture.addWebhook(unit, endpoints.incrementAndGet());
      for (int i = 1; i < count; i++) {
        last = StoreFixture.addWebhook(unit, endpoints.incrementAndGet());
      }
      Webhook first = last.edited(withHeader(last, "Bearer first"), Samples.NOON);
      unit.webhooks().save(first);
      Webhook rotated =
          first
              .edited(withHeader(last, "Bearer second"), Samples.NOON)
              .rotated(
                  SigningSecret.parse("next of " + last.id()), Samples.NOON, Duration.ofDays(1));
      unit.webhooks().save(rotated);
      return rotated;
    });
  }

  private static Webhook find(SecretCipher cipher, Webhook webhook) {
    return new JdbiTransactor(POSTGRES.pool(), cipher)
        .<Optional<Webhook>>inTransaction(
            unit -> unit.webhooks().find(webhook.stack(), webhook.id()))
        .orElseThrow();
  }

  private static String row(Webhook webhook) {
    WebhookId id = webhook.id();
    return POSTGRES
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    select concat_ws(' ', secret, previous_secret, secret_key_id, header_values, header_key_id,
                      (select string_agg(concat_ws(' ', revision, header_values, header_key_id), ' ' order by revision)
                       from runhook.webhook_revision where webhook_id = w.id))
                    from runhook.webhook w where w.id = :id
                    """)
                .bind("id", id.value())
                .mapTo(String.class)
                .one());
  }
}
