// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.permit.ReleaseSummary;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import dev.sealift.permit.Terms;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.KeyId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Roots of trust as files: signed, or plain as they are before anybody has signed. Both forms are
/// read everywhere; a plain one is a root with no signatures.
final class Roots {
  /// The head of tag 98.
  private static final Bytes SIGNED_HEAD = Bytes.ofHex("d862");

  private Roots() {}

  static Root read(Path file) {
    return readSigned(file).content();
  }

  static Signed<Root> readSigned(Path file) {
    Bytes content = Files.read(file);
    try {
      return content.startsWith(SIGNED_HEAD)
          ? Signed.decode(content, Root::decode)
          : Signed.unsigned(Root.decode(content));
    } catch (MalformedException e) {
      throw SignedFiles.another(file, content, "root of trust", e);
    }
  }

  static void write(Path file, Signed<Root> root) {
    Files.write(file, isSigned(root) ? root.encode() : root.content().encode());
  }

  static boolean isSigned(Signed<Root> root) {
    return !root.message().signatures().isEmpty();
  }

  /// One signature more, by a root key of this root or of the one `before` it.
  static Signed<Root> sign(Signed<Root> root, CoseSigner signer, Optional<Root> before) {
    KeyId id = signer.keyId();
    if (!isRootKey(root.content(), id) && before.filter(old -> isRootKey(old, id)).isEmpty()) {
      throw Failure.refused(
              "key %s is no root key of version %d%s"
                  .formatted(
                      id,
                      root.content().version(),
                      before.map(old -> ", nor of version " + old.version()).orElse("")))
          .hint(
              before.isEmpty()
                  ? "if it is one of the root before, name that root with --after FILE"
                  : "'sealift trust root show FILE' lists the root keys");
    }
    if (root.keyIds().contains(id)) {
      throw Failure.refused("key %s has signed this root already; a key counts once".formatted(id));
    }
    return root.signedBy(signer);
  }

  private static boolean isRootKey(Root root, KeyId id) {
    return root.key(id).flatMap(root::roleOf).equals(Optional.of(Role.ROOT));
  }

  /// What a root says, in lines.
  static List<String> lines(Root root, Map<KeyId, String> names) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "root version %d, epoch %d, of %s"
            .formatted(root.version(), root.epoch(), ReleaseSummary.time(root.terms().time())));
    root.roles()
        .forEach(
            (role, grant) -> {
              lines.add(
                  "%-9s any %d of %d key%s"
                      .formatted(
                          role,
                          grant.threshold(),
                          grant.keys().size(),
                          grant.keys().size() == 1 ? "" : "s"));
              keyIds(root, grant).forEach(id -> lines.add("          " + words(id, names)));
              grant.scope().ifPresent(scope -> lines.add("          only " + Scopes.words(scope)));
            });
    lines.add("install   by " + policyWords(root.policy()));
    Terms terms = root.terms();
    lines.add("news      " + modeWords(terms.freshness().mode()));
    terms
        .crowds()
        .forEach(
            crowd ->
                lines.add(
                    "crowd     more than %s of a deployment: %d approvers"
                        .formatted(crowd.above(), crowd.threshold())));
    lines.add(
        "keep      after %s, at most %d tries"
            .formatted(confirmWords(terms.confirmation()), terms.tries()));
    return lines;
  }

  private static String words(KeyId id, Map<KeyId, String> names) {
    String name = names.get(id);
    return name == null ? id.toString() : id + "  " + name;
  }

  private static List<KeyId> keyIds(Root root, Root.Grant grant) {
    return grant.keys().stream().map(index -> root.keys().get(index)).map(CoseKey::id).toList();
  }

  private static String policyWords(List<Set<Role>> policy) {
    return String.join(", or by ", policy.stream().map(Roots::clauseWords).toList());
  }

  private static String clauseWords(Set<Role> clause) {
    return String.join(" and ", clause.stream().sorted().map(Role::toString).toList());
  }

  private static String modeWords(Terms.Freshness.Mode mode) {
    return switch (mode) {
      case OPEN -> "open: no beacon is asked for";
      case BOUNDED -> "bounded: a beacon must have been heard";
      case STRICT -> "strict: a nonce must be answered";
    };
  }

  private static String confirmWords(Terms.ConfirmRule rule) {
    return switch (rule) {
      case SELF_TEST -> "the image's self-test";
      case SELF_TEST_AND_CONTACT -> "the image's self-test and a contact";
    };
  }

  /// Who has signed a root and who is still wanted: of its own root keys, and of those of the root
  /// before it where that is at hand.
  static List<String> signatureLines(Signed<Root> root, Optional<Root> before) {
    List<String> lines = new ArrayList<>();
    lines.add(wanting("its own root keys", root, root.content()));
    before.ifPresent(old -> lines.add(wanting("the root keys before it", root, old)));
    return lines;
  }

  private static String wanting(String whose, Signed<Root> root, Root judge) {
    Root.Grant grant = grant(judge);
    List<KeyId> signed = root.signers(judge, Role.ROOT);
    List<String> lacking =
        keyIds(judge, grant).stream()
            .filter(id -> !signed.contains(id))
            .map(KeyId::toString)
            .toList();
    int more = grant.threshold() - signed.size();
    return "signed    %d of %d by %s%s"
        .formatted(
            signed.size(),
            grant.threshold(),
            whose,
            more > 0 ? ", still %d of %s".formatted(more, String.join(" ", lacking)) : "");
  }

  static boolean isComplete(Signed<Root> root, Root judge) {
    return root.signers(judge, Role.ROOT).size() >= grant(judge).threshold();
  }

  private static Root.Grant grant(Root root) {
    return root.grant(Role.ROOT)
        .orElseThrow(() -> new IllegalStateException("a root without root keys"));
  }

  static CborMap json(Signed<Root> signed, Optional<Root> before) {
    Root root = signed.content();
    CborMap.Builder roles = CborMap.builder();
    root.roles()
        .forEach(
            (role, grant) -> {
              CborMap.Builder map =
                  CborMap.builder()
                      .put("threshold", grant.threshold())
                      .put("keys", texts(keyIds(root, grant)));
              grant.scope().ifPresent(scope -> map.put("scope", Scopes.words(scope)));
              roles.put(role.toString(), map.build());
            });
    Terms terms = root.terms();
    CborMap.Builder map =
        CborMap.builder()
            .put("version", root.version())
            .put("epoch", root.epoch())
            .put("time", terms.time())
            .put("roles", roles.build())
            .put(
                "policy",
                new CborList(
                    root.policy().stream()
                        .<CborItem>map(clause -> texts(clause.stream().sorted().toList()))
                        .toList()))
            .put("mode", terms.freshness().mode().toString())
            .put(
                "crowds",
                new CborList(
                    terms.crowds().stream()
                        .<CborItem>map(
                            crowd ->
                                CborMap.builder()
                                    .put("above", crowd.above().toString())
                                    .put("approvers", crowd.threshold())
                                    .build())
                        .toList()))
            .put(
                "confirm",
                switch (terms.confirmation()) {
                  case SELF_TEST -> "self-test";
                  case SELF_TEST_AND_CONTACT -> "contact";
                })
            .put("tries", terms.tries())
            .put("signers", texts(signed.signers(root, Role.ROOT)))
            .put("complete", isComplete(signed, root));
    before.ifPresent(
        old ->
            map.put("signers_before", texts(signed.signers(old, Role.ROOT)))
                .put("complete_before", isComplete(signed, old)));
    return map.build();
  }

  private static CborList texts(List<?> values) {
    return new CborList(
        values.stream().<CborItem>map(value -> new CborText(value.toString())).toList());
  }
}
