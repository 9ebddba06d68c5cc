// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.SuitOutcome;
import dev.sealift.suit.cose.AlgorithmNames;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseSign1;
import dev.sealift.suit.cose.CoseVerification;
import dev.sealift.suit.cose.KeyId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A release in plain words: what it is, who signed it, and what it still lacks. The lines for
/// people and the map for machines say the same.
public record ReleaseSummary(
    Release release,
    SuitDigest manifestDigest,
    List<Signature> signatures,
    Optional<String> missing) {

  /// One signature as it stands on the envelope.
  public record Signature(
      Optional<KeyId> keyId, Optional<String> name, Optional<Role> role, State state) {
    public enum State {
      VALID,
      /// The same key has signed before; it counts once.
      REPEATED,
      INVALID,
      /// By a key that the root does not have: nothing can be said.
      UNKNOWN,
      /// Without a root there is nothing to check against.
      UNCHECKED
    }
  }

  public ReleaseSummary {
    signatures = List.copyOf(signatures);
  }

  /// What can be said with `root` at hand; `names` are what people call the keys. A bundle whose
  /// manifest does not fit its digest or is not of our form is malformed here.
  public static ReleaseSummary of(Bundle bundle, Optional<Root> root, Map<KeyId, String> names)
      throws MalformedException {
    SuitEnvelope envelope = bundle.openEnvelope();
    SuitDigest digest =
        switch (envelope.digest()) {
          case SuitOutcome.Accepted<SuitDigest>(var stated) -> stated;
          case SuitOutcome.Refused<SuitDigest>(var refusal) ->
              throw new MalformedException(refusal.detail(), 0);
        };
    if (!digest.fitsWrapped(envelope.manifestBytes())) {
      throw new MalformedException("the manifest does not fit the digest that is signed", 0);
    }
    List<Signature> signatures = new ArrayList<>();
    List<CoseKey> signers = new ArrayList<>();
    for (Bytes block : envelope.blocks()) {
      signatures.add(signature(envelope, block, root, names, signers));
    }
    Optional<String> missing =
        root.map(known -> new Quorum(known, Checks.all()))
            .filter(quorum -> quorum.metClauses(signers).isEmpty())
            .map(quorum -> quorum.missing(signers));
    return new ReleaseSummary(release(envelope), digest, signatures, missing);
  }

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("version         " + release.version());
    lines.add("sequence        " + release.sequence());
    lines.add("vendor          " + release.vendor());
    lines.add("class           " + release.deviceClass());
    lines.add("component       " + release.component());
    lines.add("size            %d bytes".formatted(release.size()));
    lines.add("counter         " + release.securityCounter());
    lines.add("file digest     " + release.fileDigest().value().toHex());
    lines.add("image hash      " + release.imageHash().value().toHex());
    lines.add("table digest    " + release.tableDigest().value().toHex());
    lines.add("manifest digest " + manifestDigest.value().toHex());
    for (Signature signature : signatures) {
      lines.add("signed by       " + line(signature));
    }
    if (signatures.isEmpty()) {
      lines.add("signed by       nobody");
    }
    missing.ifPresent(what -> lines.add("missing         " + what));
    return lines;
  }

  public CborMap toJson() {
    CborMap.Builder map =
        CborMap.builder()
            .put("version", release.version().toString())
            .put("sequence", release.sequence().toString())
            .put("vendor", release.vendor().toString())
            .put("class", release.deviceClass().toString())
            .put("component", release.component())
            .put("size", release.size())
            .put("security_counter", release.securityCounter())
            .put("file_digest", release.fileDigest().value().toHex())
            .put("image_hash", release.imageHash().value().toHex())
            .put("table_digest", release.tableDigest().value().toHex())
            .put("manifest_digest", manifestDigest.value().toHex())
            .put(
                "signatures",
                new CborList(signatures.stream().<CborItem>map(ReleaseSummary::toJson).toList()));
    missing.ifPresent(what -> map.put("missing", what));
    return map.build();
  }

  private static CborMap toJson(Signature signature) {
    CborMap.Builder map = CborMap.builder();
    signature.keyId().ifPresent(id -> map.put("key", id.toString()));
    signature.name().ifPresent(name -> map.put("name", name));
    signature.role().ifPresent(role -> map.put("role", role.toString()));
    return map.put("state", new CborText(word(signature.state()))).build();
  }

  private static String line(Signature signature) {
    StringBuilder line =
        new StringBuilder(signature.keyId().map(KeyId::toString).orElse("a key without a name"));
    signature.name().ifPresent(name -> line.append(", ").append(name));
    signature.role().ifPresent(role -> line.append(", ").append(role));
    return line.append(": ").append(word(signature.state())).toString();
  }

  private static String word(Signature.State state) {
    return switch (state) {
      case VALID -> "valid";
      case REPEATED -> "valid, counted before";
      case INVALID -> "does not hold";
      case UNKNOWN -> "unknown key";
      case UNCHECKED -> "not checked, no root was given";
    };
  }

  private static Release release(SuitEnvelope envelope) throws MalformedException {
    return switch (envelope.inspect()) {
      case SuitOutcome.Refused<SuitManifest>(var refusal) ->
          throw new MalformedException(refusal.detail(), 0);
      case SuitOutcome.Accepted<SuitManifest>(var manifest) ->
          switch (ManifestProfile.match(manifest)) {
            case ManifestProfile.Match.Fits(var release) -> release;
            case ManifestProfile.Match.Differs(_, var detail) ->
                throw new MalformedException(detail, 0);
          };
    };
  }

  private static Signature signature(
      SuitEnvelope envelope,
      Bytes bytes,
      Optional<Root> root,
      Map<KeyId, String> names,
      List<CoseKey> signers)
      throws MalformedException {
    CoseSign1 block = CoseSign1.decode(bytes);
    Optional<KeyId> id =
        block.headers().keyId().filter(raw -> raw.size() == KeyId.SIZE).map(KeyId::new);
    Optional<String> name = id.map(names::get);
    Optional<CoseKey> key = id.flatMap(known -> root.flatMap(trusted -> trusted.key(known)));
    if (key.isEmpty()) {
      return new Signature(
          id,
          name,
          Optional.empty(),
          root.isEmpty() ? Signature.State.UNCHECKED : Signature.State.UNKNOWN);
    }
    Optional<Role> role = root.flatMap(trusted -> trusted.roleOf(key.get()));
    Signature.State state =
        switch (block.verifyDetached(
            key.get(), envelope.digestBytes(), Bytes.EMPTY, AlgorithmNames.CURRENT)) {
          case CoseVerification.Refused _ -> Signature.State.INVALID;
          case CoseVerification.Verified _ ->
              signers.contains(key.get()) ? Signature.State.REPEATED : Signature.State.VALID;
        };
    if (state == Signature.State.VALID) {
      signers.add(key.get());
    }
    return new Signature(id, name, role, state);
  }
}
