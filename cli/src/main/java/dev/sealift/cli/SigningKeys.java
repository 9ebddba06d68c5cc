// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.keys.KeyPlace;
import dev.sealift.keys.Signer;
import dev.sealift.keys.Signers;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.KeyId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The keys that a command signs permits and trust with, wherever they are.
final class SigningKeys {
  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      description = {"key to sign with, may be repeated:", KeyPlace.FORMS})
  private List<String> places = new ArrayList<>();

  @Mixin private SignerOptions options = new SignerOptions();

  /// Keys that are open until they are closed, each once.
  static final class Open implements AutoCloseable {
    private final List<Signer> signers = new ArrayList<>();

    List<CoseSigner> all() {
      return signers.stream().map(SignerOptions::forPermits).toList();
    }

    private <T> T signed(T unsigned, BiFunction<T, CoseSigner, T> step) {
      T signed = unsigned;
      for (CoseSigner signer : all()) {
        signed = step.apply(signed, signer);
      }
      return signed;
    }

    @Override
    public void close() {
      signers.forEach(Signer::close);
    }
  }

  boolean areGiven() {
    return !places.isEmpty();
  }

  /// At least one.
  Open open(Console console) {
    if (places.isEmpty()) {
      throw Failure.usage("give --key KEY to sign with");
    }
    return openIfGiven(console);
  }

  Open openIfGiven(Console console) {
    if (places.size() > 1 && options.hasPublicHalf()) {
      throw Failure.usage("--public is for one --key; sign with the others one by one");
    }
    Open open = new Open();
    try {
      for (String place : places) {
        open.signers.add(options.open(place, Signers.Ecdsa.EVEN, console));
      }
      requireOnce(open.all().stream().map(CoseSigner::keyId).toList());
      return open;
    } catch (RuntimeException e) {
      open.close();
      throw e;
    }
  }

  /// Signs with one key after the other, at least one; `step` adds one signature.
  <T> T sign(Console console, T unsigned, BiFunction<T, CoseSigner, T> step) {
    try (Open open = open(console)) {
      return open.signed(unsigned, step);
    }
  }

  <T> T signIfGiven(Console console, T unsigned, BiFunction<T, CoseSigner, T> step) {
    try (Open open = openIfGiven(console)) {
      return open.signed(unsigned, step);
    }
  }

  private static void requireOnce(List<KeyId> ids) {
    for (KeyId id : ids) {
      if (ids.indexOf(id) != ids.lastIndexOf(id)) {
        throw Failure.usage("--key names key %s twice; a key counts once".formatted(id));
      }
    }
  }
}
