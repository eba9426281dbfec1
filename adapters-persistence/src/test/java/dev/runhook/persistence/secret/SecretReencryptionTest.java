package dev.runhook.persistence.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.secret.SecretReencryption.Count;
import dev.runhook.persistence.secret.SecretReencryption.Rotation;
import dev.runhook.persistence.webhook.WebhookRevisions;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SecretReencryptionTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private static final EncryptionKey OLD = EncryptionKey.parse("0a".repeat(32));
  private static final EncryptionKey NEW = EncryptionKey.parse("0b".repeat(32));
  private static final SecretCipher BY_OLD = SecretCipher.using(Optional.of(OLD), List.of());
  private static final SecretCipher BY_NEW = SecretCipher.using(Optional.of(NEW), List.of());
  private static final SecretCipher BY_BOTH = SecretCipher.using(Optional.of(NEW), List.of(OLD));

  private final AtomicInteger endpoints = new AtomicInteger();

  @BeforeEach
  void empty() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.webhook"));
  }

  @Test
  void all_that_is_plain_or_by_a_previous_key_is_encrypted_anew() {
    Webhook plain = added(SecretCipher.none(), 1);
    Webhook old = added(BY_OLD, 1);
    Webhook current = added(BY_NEW, 1);
    String before = row(current);

    assertThat(count(BY_BOTH)).isEqualTo(new Count(1, 1, 1, 0));
    Rotation rotation = new SecretReencryption(POSTGRES.pool(), BY_BOTH).rotate();

    assertThat(rotation).isEqualTo(new Rotation(2, 1, List.of()));
    assertThat(count(BY_NEW)).isEqualTo(new Count(0, 3, 0, 0));
    assertThat(List.of(found(BY_NEW, plain), found(BY_NEW, old), found(BY_NEW, current)))
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
  void headers_that_cannot_be_decrypted_keep_no_secret_from_being_encrypted() {
    Webhook damaged = added(BY_OLD, 1);
    POSTGRES
        .jdbi()
        .useHandle(handle -> handle.execute("update runhook.webhook set header_values = '{AAAA}'"));

    Rotation rotation = new SecretReencryption(POSTGRES.pool(), BY_BOTH).rotate();

    assertThat(rotation).isEqualTo(new Rotation(0, 0, List.of(damaged.id())));
    assertThat(found(BY_NEW, damaged).keys()).isEqualTo(damaged.keys());
    assertThat(found(BY_NEW, damaged).settings().headers().isDecrypted()).isFalse();
  }

  @Test
  void headers_alone_that_are_plain_are_told_and_encrypted() {
    Webhook webhook = added(BY_NEW, 1);
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update runhook.webhook set header_values = '{plain}', header_key_id = null"));

    assertThat(count(BY_NEW)).isEqualTo(new Count(1, 0, 0, 0));
    assertThat(new SecretReencryption(POSTGRES.pool(), BY_NEW).rotate())
        .isEqualTo(new Rotation(1, 1, List.of()));
    assertThat(count(BY_NEW)).isEqualTo(new Count(0, 1, 0, 0));
    assertThat(found(BY_NEW, webhook).settings().headers().headers())
        .containsExactly(new Header("X-Key", "plain"));
  }

  @Test
  void a_webhook_that_cannot_be_read_may_be_edited_and_is_kept_until_it_can() {
    Webhook lost = added(BY_OLD, 1);
    Webhook unread = found(BY_NEW, lost);

    edit(BY_NEW, unread.disabled(Samples.NOON, "disabled by Ada"));
    assertThat(found(BY_OLD, lost)).isEqualTo(lost.disabled(Samples.NOON, "disabled by Ada"));

    edit(BY_NEW, unread.withoutPreviousSecret(Samples.NOON));
    assertThat(found(BY_OLD, lost)).isEqualTo(lost.withoutPreviousSecret(Samples.NOON));

    SigningSecret next = SigningSecret.parse("another");
    edit(BY_NEW, unread.rotated(next, Samples.NOON, Duration.ofDays(1)));
    assertThat(found(BY_NEW, lost).keys()).isEqualTo(SigningKeys.of(next));
    assertThat(found(BY_NEW, lost).settings().headers().isDecrypted()).isFalse();
    assertThat(found(BY_BOTH, lost).settings()).isEqualTo(lost.settings());

    edit(BY_NEW, found(BY_NEW, lost).edited(headed(lost, "Bearer new"), Samples.NOON));
    assertThat(found(BY_NEW, lost).decryptionErrors()).isEmpty();
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
                    .map(webhookRevision ->
                        webhookRevision.number()
                            + " "
                            + webhookRevision.headers().headers().stream()
                                .map(Header::value)
                                .toList())
                    .toList());
  }

  @Test
  void more_than_one_batch_is_done() {
    added(SecretCipher.none(), 450);

    Rotation rotation = new SecretReencryption(POSTGRES.pool(), BY_NEW).rotate();

    assertThat(rotation).isEqualTo(new Rotation(450, 450, List.of()));
    assertThat(count(BY_NEW)).isEqualTo(new Count(0, 450, 0, 0));
  }

  @Test
  void what_cannot_be_decrypted_is_told_and_left_as_it_is() {
    Webhook lost = added(BY_OLD, 1);
    Webhook plain = added(SecretCipher.none(), 1);
    String before = row(lost);

    Rotation rotation = new SecretReencryption(POSTGRES.pool(), BY_NEW).rotate();

    assertThat(rotation).isEqualTo(new Rotation(1, 1, List.of(lost.id())));
    assertThat(row(lost)).isEqualTo(before);
    assertThat(count(BY_NEW)).isEqualTo(new Count(0, 1, 0, 1));
    assertThat(found(BY_NEW, plain)).isEqualTo(plain);
    assertThat(found(BY_OLD, lost)).isEqualTo(lost);
  }

  @Test
  void a_secret_copied_to_another_webhook_opens_nothing_and_hides_no_other() {
    Webhook one = added(BY_OLD, 1);
    Webhook other = added(BY_OLD, 1);
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update runhook.webhook set secret = (select secret from runhook.webhook where id = ?) where id = ?",
                one.id().value(),
                other.id().value()));

    assertThat(found(BY_OLD, one)).isEqualTo(one);
    assertThat(found(BY_OLD, other).keys().current().isDecrypted()).isFalse();
    assertThat(new SecretReencryption(POSTGRES.pool(), BY_BOTH).rotate().undecryptable())
        .containsExactly(other.id());
  }

  @Test
  void without_a_key_nothing_is_done() {
    assertThatIllegalStateException()
        .isThrownBy(() -> new SecretReencryption(POSTGRES.pool(), SecretCipher.none()).rotate());
  }

  private static Count count(SecretCipher cipher) {
    return new SecretReencryption(POSTGRES.pool(), cipher).count();
  }

  private static WebhookSettings headed(Webhook webhook, String value) {
    WebhookSettings old = webhook.settings();
    CustomHeaders headers = new CustomHeaders(List.of(new Header("X-Key", value)));
    return new WebhookSettings(
        old.endpoint(), old.name(), old.subscription(), headers, old.delivery());
  }

  /// The last of so many new webhooks, with headers, a secret and a previous one.
  private Webhook added(SecretCipher cipher, int many) {
    JdbiTransactor transactor = new JdbiTransactor(POSTGRES.pool(), cipher);
    return transactor.inTransaction(unit -> {
      StoreFixture.addStack(unit);
      Webhook last = StoreFixture.addWebhook(unit, endpoints.incrementAndGet());
      for (int i = 1; i < many; i++) {
        last = StoreFixture.addWebhook(unit, endpoints.incrementAndGet());
      }
      Webhook first = last.edited(headed(last, "Bearer first"), Samples.NOON);
      unit.webhooks().save(first);
      Webhook rotated =
          first
              .edited(headed(last, "Bearer second"), Samples.NOON)
              .rotated(
                  SigningSecret.parse("next of " + last.id()), Samples.NOON, Duration.ofDays(1));
      unit.webhooks().save(rotated);
      return rotated;
    });
  }

  private static Webhook found(SecretCipher cipher, Webhook webhook) {
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
