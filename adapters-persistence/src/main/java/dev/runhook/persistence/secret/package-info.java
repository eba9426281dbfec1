/// Encrypts the secrets and header values of webhooks at rest. This package depends only on
/// `dev.runhook.persistence.jdbi`. Read [SecretCipher] first.
@NullMarked
package dev.runhook.persistence.secret;

import org.jspecify.annotations.NullMarked;
