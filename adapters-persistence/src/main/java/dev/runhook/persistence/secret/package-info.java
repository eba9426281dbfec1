/// Encrypts the secrets and header values of webhooks at rest, and re-encrypts them after the key
/// changes. This package depends only on `dev.runhook.persistence.jdbi`. Read [SecretCipher] first.
@NullMarked
package dev.runhook.persistence.secret;

import org.jspecify.annotations.NullMarked;
