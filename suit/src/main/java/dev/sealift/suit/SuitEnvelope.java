// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborTag;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.suit.cose.AlgorithmNames;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseSign1;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.CoseVerification;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// An envelope (tag 107), opened one level: every part is the slice it came in, and nothing about
/// the manifest is known but its bytes. [#authenticate] is the way on.
public record SuitEnvelope(
    Bytes digestBytes,
    List<Bytes> blocks,
    Bytes manifestBytes,
    SortedMap<Integer, Bytes> severed,
    SortedMap<String, Bytes> integrated) {

  public static final int TAG = 107;

  /// More blocks than any threshold needs are refused.
  public static final int BLOCKS_MAX = 16;

  private static final int AUTHENTICATION = 2;
  private static final int MANIFEST = 3;

  private static final Set<Integer> SEVERABLE =
      Set.of(
          SuitManifest.COSWID,
          SuitSection.DEPENDENCY_RESOLUTION.label(),
          SuitSection.PAYLOAD_FETCH.label(),
          SuitSection.CANDIDATE_VERIFICATION.label(),
          SuitSection.INSTALL.label(),
          SuitManifest.TEXT);

  public SuitEnvelope {
    blocks = List.copyOf(blocks);
    severed = Collections.unmodifiableSortedMap(new TreeMap<>(severed));
    integrated = Collections.unmodifiableSortedMap(new TreeMap<>(integrated));
  }

  /// An envelope that nobody has signed yet.
  public static SuitEnvelope unsigned(SuitManifest manifest) {
    Bytes bytes = manifest.encode();
    return new SuitEnvelope(
        SuitDigest.ofWrapped(bytes).encode(), List.of(), bytes, new TreeMap<>(), new TreeMap<>());
  }

  public static SuitOutcome<SuitEnvelope> decode(Bytes bytes) {
    return decoded(
        () -> {
          CborTag tag = CborFields.expect(Cbor.strict(bytes), CborTag.class, "envelope");
          if (tag.number() != TAG) {
            throw new MalformedException(
                "envelope has tag %d, expected %d".formatted(tag.number(), TAG), 0);
          }
          return fromCbor(tag.item());
        });
  }

  /// For protocols that carry envelopes without the tag, as TEEP does.
  public static SuitOutcome<SuitEnvelope> decodeUntagged(Bytes bytes) {
    return decoded(() -> fromCbor(Cbor.strict(bytes)));
  }

  public Bytes encode() {
    return Cbor.deterministic(new CborTag(TAG, toCbor()));
  }

  public Bytes encodeUntagged() {
    return Cbor.deterministic(toCbor());
  }

  /// The same envelope with one more signature over the same digest.
  public SuitEnvelope signedBy(CoseSigner signer) {
    return withBlocks(
        Stream.concat(
                blocks.stream(),
                Stream.of(CoseSign1.signDetached(signer, digestBytes, Bytes.EMPTY).encode()))
            .toList());
  }

  /// The same envelope with other blocks: anyone may add and remove them.
  public SuitEnvelope withBlocks(List<Bytes> others) {
    return new SuitEnvelope(digestBytes, others, manifestBytes, severed, integrated);
  }

  /// The digest that the blocks sign, as the envelope states it.
  public SuitOutcome<SuitDigest> digest() {
    try {
      return new SuitOutcome.Accepted<>(statedDigest());
    } catch (RefusedException e) {
      return new SuitOutcome.Refused<>(e.refusal());
    }
  }

  /// The digest must hold, then each block is read, then each is verified whose key counts. A
  /// block by an unknown key counts for nothing; a block that names a known key and does not
  /// verify is a forgery and refuses the whole. No block costs a second verification for a key
  /// that has signed already, so that the work is bounded by the number of keys that count.
  /// `names` says whether ES256 may stand for ESP256. Nothing of the manifest is parsed.
  public SuitOutcome<AuthenticEnvelope> authenticate(Authority authority, AlgorithmNames names) {
    try {
      if (!statedDigest().fitsWrapped(manifestBytes)) {
        throw unauthentic("the manifest does not fit its digest");
      }
      List<CoseSign1> signed = new ArrayList<>();
      for (Bytes block : blocks) {
        signed.add(block(block));
      }
      List<CoseKey> signers = new ArrayList<>();
      for (CoseSign1 block : signed) {
        List<CoseKey> candidates = authority.candidates(block.headers().keyId());
        signer(block, candidates, names, signers).ifPresent(signers::add);
      }
      return switch (authority.judge(List.copyOf(signers))) {
        case Authority.Judgement.Enough _ ->
            new SuitOutcome.Accepted<>(new AuthenticEnvelope(this, signers));
        case Authority.Judgement.Wanting(var missing) ->
            new SuitOutcome.Refused<>(
                new SuitRefusal(
                    SuitStage.AUTHENTICATE,
                    signers.isEmpty()
                        ? SuitRefusal.Reason.UNAUTHENTIC
                        : SuitRefusal.Reason.SIGNERS_MISSING,
                    missing));
      };
    } catch (RefusedException e) {
      return new SuitOutcome.Refused<>(e.refusal());
    }
  }

  /// Parses the manifest whoever stands for it: to show it, never to act on it.
  public SuitOutcome<SuitManifest> inspect() {
    return decoded(() -> SuitManifest.decode(manifestBytes, severed));
  }

  /// The key that signed this block, if it is one that counts and has not signed before.
  private Optional<CoseKey> signer(
      CoseSign1 block, List<CoseKey> candidates, AlgorithmNames names, List<CoseKey> signers)
      throws RefusedException {
    for (CoseKey candidate : candidates) {
      if (signers.contains(candidate)) {
        continue;
      }
      switch (block.verifyDetached(candidate, digestBytes, Bytes.EMPTY, names)) {
        case CoseVerification.Verified(var key, _) -> {
          return Optional.of(key);
        }
        case CoseVerification.Refused(var reason, var detail) -> {
          switch (reason) {
            case UNSUPPORTED -> throw unsupported(detail);
            case FOREIGN_ALGORITHM, BAD_SIGNATURE -> {
              if (block.headers().keyId().isPresent()) {
                throw unauthentic(detail);
              }
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private CborItem toCbor() {
    List<CborItem> authentication = new ArrayList<>();
    authentication.add(new CborBytes(digestBytes));
    blocks.forEach(block -> authentication.add(new CborBytes(block)));
    CborMap.Builder map =
        CborMap.builder()
            .put(AUTHENTICATION, Cbor.deterministic(new CborList(authentication)))
            .put(MANIFEST, manifestBytes);
    severed.forEach(map::put);
    integrated.forEach(map::put);
    return map.build();
  }

  private static SuitEnvelope fromCbor(CborItem item) throws MalformedException, RefusedException {
    CborFields fields = CborFields.of(item, "envelope");
    SortedMap<Integer, Bytes> severed = new TreeMap<>();
    SortedMap<String, Bytes> integrated = new TreeMap<>();
    for (Map.Entry<CborItem, CborItem> entry : fields.map().entries().entrySet()) {
      Bytes value = CborFields.expect(entry.getValue(), CborBytes.class, "envelope member").value();
      switch (entry.getKey()) {
        case CborText(var name) -> integrated.put(name, value);
        case CborInt number
            when number.equals(CborInt.of(AUTHENTICATION))
                || number.equals(CborInt.of(MANIFEST)) -> {}
        case CborInt number when number.isLong() && isSeverable(number.toLong()) ->
            severed.put((int) number.toLong(), value);
        case CborInt(var number) ->
            throw new RefusedException(
                SuitStage.DECODE,
                SuitRefusal.Reason.UNSUPPORTED,
                "envelope member " + number + " is not known");
        default -> throw new MalformedException("envelope member is a " + entry.getKey().kind(), 0);
      }
    }
    CborList authentication =
        CborFields.expect(
            Cbor.strict(fields.bytes(AUTHENTICATION)), CborList.class, "authentication");
    List<Bytes> parts = new ArrayList<>();
    for (CborItem part : authentication.items()) {
      parts.add(CborFields.expect(part, CborBytes.class, "authentication").value());
    }
    if (parts.isEmpty()) {
      throw new MalformedException("authentication without digest", 0);
    }
    if (parts.size() > BLOCKS_MAX + 1) {
      throw new MalformedException("more than " + BLOCKS_MAX + " authentication blocks", 0);
    }
    return new SuitEnvelope(
        parts.getFirst(),
        parts.subList(1, parts.size()),
        fields.bytes(MANIFEST),
        severed,
        integrated);
  }

  private static boolean isSeverable(long label) {
    return SEVERABLE.stream().anyMatch(known -> known == label);
  }

  private SuitDigest statedDigest() throws RefusedException {
    try {
      return SuitDigest.fromCbor(Cbor.strict(digestBytes));
    } catch (MalformedException e) {
      throw malformed(e);
    } catch (RefusedException e) {
      throw new RefusedException(
          SuitStage.AUTHENTICATE, e.refusal().reason(), e.refusal().detail());
    }
  }

  private static CoseSign1 block(Bytes bytes) throws RefusedException {
    try {
      CborItem item = Cbor.strict(bytes);
      if (item instanceof CborTag(var tag, _) && tag != CoseSign1.TAG) {
        throw unsupported("authentication block with tag " + tag);
      }
      return CoseSign1.fromCbor(item);
    } catch (MalformedException e) {
      throw malformed(e);
    }
  }

  private static RefusedException malformed(MalformedException cause) {
    return new RefusedException(
        SuitStage.AUTHENTICATE,
        SuitRefusal.Reason.MALFORMED,
        "authentication block: " + cause.getMessage());
  }

  private static RefusedException unsupported(String detail) {
    return new RefusedException(SuitStage.AUTHENTICATE, SuitRefusal.Reason.UNSUPPORTED, detail);
  }

  private static RefusedException unauthentic(String detail) {
    return new RefusedException(SuitStage.AUTHENTICATE, SuitRefusal.Reason.UNAUTHENTIC, detail);
  }

  private interface Decoder<T> {
    T decode() throws MalformedException, RefusedException;
  }

  private static <T> SuitOutcome<T> decoded(Decoder<T> decoder) {
    try {
      return new SuitOutcome.Accepted<>(decoder.decode());
    } catch (MalformedException e) {
      return new SuitOutcome.Refused<>(
          new SuitRefusal(SuitStage.DECODE, SuitRefusal.Reason.MALFORMED, e.getMessage()));
    } catch (RefusedException e) {
      return new SuitOutcome.Refused<>(e.refusal());
    }
  }
}
