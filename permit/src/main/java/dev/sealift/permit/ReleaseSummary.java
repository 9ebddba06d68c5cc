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
import dev.sealift.suit.cose.CoseSign1;
import dev.sealift.suit.cose.CoseVerification;
import dev.sealift.suit.cose.KeyId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A release in plain words: what it is, who agreed to what, for whom and until when, and what is
/// still missing. The lines for people and the map for machines say the same.
public record ReleaseSummary(
    Release release,
    SuitDigest manifestDigest,
    List<Signature> signatures,
    List<Word> endorsements,
    Optional<News> beacon,
    List<String> certificates,
    Optional<String> missing) {

  /// One signature as it stands there.
  public record Signature(
      Optional<KeyId> keyId, Optional<String> name, Optional<Role> role, State state) {
    public enum State {
      VALID,
      /// The same key has signed before; it counts once.
      REPEATED,
      INVALID,
      /// Its certificate has ended or does not hold.
      REVOKED,
      /// By a key that the root does not have: nothing can be said.
      UNKNOWN,
      /// Without a root there is nothing to check against.
      UNCHECKED
    }
  }

  /// One endorsement and who stands behind it.
  public record Word(Endorsement endorsement, boolean isOfThis, List<Signature> signatures) {
    public Word {
      signatures = List.copyOf(signatures);
    }
  }

  /// The beacon that travels along.
  public record News(Beacon beacon, List<Signature> signatures) {
    public News {
      signatures = List.copyOf(signatures);
    }
  }

  public ReleaseSummary {
    signatures = List.copyOf(signatures);
    endorsements = List.copyOf(endorsements);
    certificates = List.copyOf(certificates);
  }

  /// What can be said with `root` at hand; `names` are what people call the keys. A bundle whose
  /// manifest does not fit its digest or is not of our form is malformed here.
  public static ReleaseSummary of(Bundle bundle, Optional<Root> root, Map<KeyId, String> names)
      throws MalformedException {
    return new Reading(bundle, root, names).summary();
  }

  private static final class Reading {
    private final Bundle bundle;
    private final Optional<Root> root;
    private final Map<KeyId, String> names;
    private final Optional<Keyring> keyring;
    private final List<Signed<Certificate>> certificates = new ArrayList<>();

    Reading(Bundle bundle, Optional<Root> root, Map<KeyId, String> names)
        throws MalformedException {
      this.bundle = bundle;
      this.root = root;
      this.names = names;
      for (Bytes slice : bundle.certificates()) {
        certificates.add(Signed.decode(slice, Certificate::decode));
      }
      this.keyring =
          root.map(known -> new Keyring(TrustState.fresh(known), certificates, Checks.all()));
    }

    ReleaseSummary summary() throws MalformedException {
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
      List<Voice> voices = new ArrayList<>();
      for (Bytes block : envelope.blocks()) {
        CoseSign1 one = CoseSign1.decode(block);
        signatures.add(
            signature(
                Signed.keyId(one.headers()),
                voices,
                key ->
                    one.verifyDetached(
                        key, envelope.digestBytes(), Bytes.EMPTY, AlgorithmNames.CURRENT)));
      }
      List<Word> words = new ArrayList<>();
      Optional<String> approval = Optional.of("approve: an endorsement");
      for (Bytes slice : bundle.endorsements()) {
        Signed<Endorsement> signed = Signed.decode(slice, Endorsement::decode);
        List<Voice> approvers = new ArrayList<>();
        boolean isOfThis = signed.content().manifest().equals(digest);
        words.add(new Word(signed.content(), isOfThis, signatures(signed, approvers)));
        if (isOfThis) {
          approval = lackingApproval(signed.content(), approvers);
        }
      }
      Optional<News> news = Optional.empty();
      if (bundle.beacon().isPresent()) {
        Signed<Beacon> signed = Signed.decode(bundle.beacon().get(), Beacon::decode);
        news = Optional.of(new News(signed.content(), signatures(signed, new ArrayList<>())));
      }
      Optional<String> lackingApproval = approval;
      return new ReleaseSummary(
          release(envelope),
          digest,
          signatures,
          words,
          news,
          certificates.stream().map(signed -> words(signed.content())).toList(),
          root.flatMap(known -> missing(known, voices, lackingApproval)));
    }

    private static Optional<String> missing(
        Root root, List<Voice> voices, Optional<String> approval) {
      boolean complete =
          Quorum.clauses(root, voices).stream()
              .anyMatch(clause -> !clause.contains(Role.APPROVE) || approval.isEmpty());
      return complete
          ? Optional.empty()
          : Optional.of(
              Quorum.missing(
                  root,
                  voices,
                  role -> role == Role.APPROVE ? approval.map(_ -> role) : Optional.empty()));
    }

    private Optional<String> lackingApproval(Endorsement word, List<Voice> approvers) {
      int least =
          root.flatMap(known -> known.grant(Role.APPROVE)).map(Root.Grant::threshold).orElse(1);
      int threshold =
          root.map(known -> known.terms().threshold(word.targets().fraction(), least))
              .orElse(least);
      long count = Voice.count(approvers, Role.APPROVE);
      return count >= threshold
          ? Optional.empty()
          : Optional.of("approve: %d of %d signatures".formatted(count, threshold));
    }

    private List<Signature> signatures(Signed<?> object, List<Voice> voices) {
      return object.message().signatures().stream()
          .map(
              signed ->
                  signature(
                      Signed.keyId(signed.headers()), voices, key -> object.verify(signed, key)))
          .toList();
    }

    private interface Verifying {
      CoseVerification with(dev.sealift.suit.cose.CoseKey key);
    }

    private Signature signature(Optional<KeyId> id, List<Voice> voices, Verifying verifying) {
      Optional<String> name = id.map(names::get);
      if (keyring.isEmpty()) {
        return new Signature(id, name, Optional.empty(), Signature.State.UNCHECKED);
      }
      if (id.isEmpty()) {
        return new Signature(id, name, Optional.empty(), Signature.State.UNKNOWN);
      }
      try {
        return switch (keyring.get().find(id.get())) {
          case Keyring.Found.Unknown() ->
              new Signature(id, name, Optional.empty(), Signature.State.UNKNOWN);
          case Keyring.Found.Revoked _ ->
              new Signature(id, name, Optional.empty(), Signature.State.REVOKED);
          case Keyring.Found.Speaks(var voice) -> {
            Signature.State state =
                switch (verifying.with(voice.key())) {
                  case CoseVerification.Refused _ -> Signature.State.INVALID;
                  case CoseVerification.Verified _ ->
                      voices.contains(voice) ? Signature.State.REPEATED : Signature.State.VALID;
                };
            if (state == Signature.State.VALID) {
              voices.add(voice);
            }
            yield new Signature(id, name, Optional.of(voice.role()), state);
          }
        };
      } catch (Refusing _) {
        // A certificate that does not hold: who has signed by it has not signed.
        return new Signature(id, name, Optional.empty(), Signature.State.REVOKED);
      }
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

    private static String words(Certificate certificate) {
      return "key %s for the role %s, until beacon %d"
          .formatted(certificate.key().id(), certificate.role(), certificate.lastBeacon());
    }
  }

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("version         " + release.version());
    lines.add("sequence        " + release.sequence());
    lines.add("vendor          " + release.vendor());
    lines.add("class           " + release.deviceClass());
    for (Release.Part part : release.parts()) {
      lines.add("for             " + part.place());
      lines.add("  size          %d bytes".formatted(part.size()));
      lines.add("  counter       " + part.securityCounter());
      lines.add("  file digest   " + part.fileDigest().value().toHex());
      lines.add("  image hash    " + part.imageHash().value().toHex());
      lines.add("  table digest  " + part.tableDigest().value().toHex());
    }
    lines.add("manifest digest " + manifestDigest.value().toHex());
    signatures.forEach(signature -> lines.add("released by     " + line(signature)));
    if (signatures.isEmpty()) {
      lines.add("released by     nobody");
    }
    certificates.forEach(certificate -> lines.add("certificate     " + certificate));
    for (Word word : endorsements) {
      Endorsement said = word.endorsement();
      lines.add(
          "approved        for %s of deployment %s%s"
              .formatted(
                  said.targets(),
                  said.deployment(),
                  word.isOfThis() ? "" : ", but of another release"));
      lines.add("  from          " + said.notBefore().map(ReleaseSummary::time).orElse("now on"));
      lines.add("  until         " + said.notAfter().map(ReleaseSummary::time).orElse("no end"));
      lines.add("  may run       " + said.activation());
      lines.add("  number        " + said.serial());
      word.signatures().forEach(signature -> lines.add("  by            " + line(signature)));
    }
    beacon.ifPresent(
        news -> {
          lines.add(
              "beacon          number %d of %s, news until %s"
                  .formatted(
                      news.beacon().number(),
                      time(news.beacon().time()),
                      time(news.beacon().end())));
          news.signatures().forEach(signature -> lines.add("  by            " + line(signature)));
        });
    missing.ifPresent(what -> lines.add("missing         " + what));
    return lines;
  }

  /// A time in seconds since 1970 as people read it.
  public static String time(long seconds) {
    return seconds > 253_402_300_799L
        ? seconds + " s after 1970"
        : Instant.ofEpochSecond(seconds).toString();
  }

  public CborMap toJson() {
    CborMap.Builder map =
        CborMap.builder()
            .put("version", release.version().toString())
            .put("sequence", release.sequence().toString())
            .put("vendor", release.vendor().toString())
            .put("class", release.deviceClass().toString())
            .put(
                "parts",
                new CborList(
                    release.parts().stream().<CborItem>map(ReleaseSummary::toJson).toList()))
            .put("manifest_digest", manifestDigest.value().toHex())
            .put("signatures", signatures(signatures))
            .put(
                "endorsements",
                new CborList(endorsements.stream().<CborItem>map(ReleaseSummary::toJson).toList()));
    beacon.ifPresent(
        news ->
            map.put(
                "beacon",
                CborMap.builder()
                    .put("number", news.beacon().number())
                    .put("time", news.beacon().time())
                    .put("lifetime", news.beacon().lifetime())
                    .put("signatures", signatures(news.signatures()))
                    .build()));
    missing.ifPresent(what -> map.put("missing", what));
    return map.build();
  }

  private static CborMap toJson(Release.Part part) {
    CborMap.Builder map = CborMap.builder().put("image", part.place().image());
    part.place().slot().ifPresent(slot -> map.put("slot", slot));
    return map.put("size", part.size())
        .put("security_counter", part.securityCounter())
        .put("file_digest", part.fileDigest().value().toHex())
        .put("image_hash", part.imageHash().value().toHex())
        .put("table_digest", part.tableDigest().value().toHex())
        .build();
  }

  private static CborMap toJson(Word word) {
    Endorsement said = word.endorsement();
    CborMap.Builder map =
        CborMap.builder()
            .put("deployment", said.deployment().toString())
            .put("targets", said.targets().toString())
            .put("serial", said.serial())
            .put("activation", said.activation().toString())
            .put("of_this_release", word.isOfThis());
    said.notBefore().ifPresent(time -> map.put("not_before", time));
    said.notAfter().ifPresent(time -> map.put("not_after", time));
    return map.put("signatures", signatures(word.signatures())).build();
  }

  private static CborList signatures(List<Signature> signatures) {
    return new CborList(signatures.stream().<CborItem>map(ReleaseSummary::toJson).toList());
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
      case REVOKED -> "no longer counts";
      case UNKNOWN -> "unknown key";
      case UNCHECKED -> "not checked, no root was given";
    };
  }
}
