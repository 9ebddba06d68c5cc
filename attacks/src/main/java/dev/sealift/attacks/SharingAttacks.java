// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import static dev.sealift.attacks.Row.agent;
import static dev.sealift.attacks.Row.row;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.device.Sharing;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Check;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Release;
import dev.sealift.permit.Signed;
import dev.sealift.smp.CommandKey;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Request;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.update.UpdateMaterial;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What devices pass on to one another: more than they should, something else than they got, or
/// what is of no use to others.
final class SharingAttacks {
  private static final String PEER = "a peer";
  private static final String LIAR = "one of three peers";

  private static final int PAGE = BlockTable.PAGE_BYTES;

  private static final int GET_BYTES = 256;

  /// Labels of what may be cut off an envelope: a description for people, and a list of parts.
  private static final int TEXT = 23;

  private static final int COSWID = 14;

  /// Somewhere in the second page of every image here.
  private static final int IN_SECOND_PAGE = 5_000;

  static final List<Attack> ALL =
      List.of(
          // Disclosure.
          row("T28a", PEER, "asks for image bytes as others ask for bundle and table")
              .after(Deeds.HONEST_CONFIRMED)
              .does(
                  scene ->
                      List.of(
                          counted(scene, scene.stranger().ask("ask for the image", image(scene)))))
              .wants("it is told something", SharingAttacks::wasTold)
              .ends(new Outcome.Denied()),
          row("T28b", PEER, "asks a device of an encrypted fleet for what it runs, to read it")
              .on(Victim.ENCRYPTED)
              .after(SharingAttacks::installedByHand)
              .does(scene -> List.of(scene.stranger().get(table(scene, 0))))
              .wants("what was encrypted goes out in clear", SharingAttacks::clearGoesOut)
              .refused(Refusal.R18, Check.FORMAT, Check.IMAGE_DIGEST),
          row("T29a", PEER, "brings a release with its text and its list of parts still on it")
              .does(
                  scene ->
                      List.of(
                          scene.stranger().bringBundle(wordy(scene, TEXT)),
                          scene.stranger().bringBundle(wordy(scene, COSWID))))
              .wants("it is accepted", scene -> scene.known().isPresent())
              .refused(Refusal.R2),
          row("T29b", PEER, "asks for the bundle, to learn more of a device than its release")
              .on(Victim.STRICT)
              .after(Deeds.HONEST_CONFIRMED)
              .does(scene -> List.of(scene.stranger().get(bundle(scene, 0))))
              .wants("text, parts or an answer go out", SharingAttacks::tellsMore)
              .ends(
                  new Outcome.Bounded(
                      "manifest, signatures and approval go out, and nothing beside them",
                      SharingAttacks::tellsReleaseAlone)),
          // Liars.
          row("T57a", LIAR, "goes on with noise where another was broken off after a page")
              .after(SharingAttacks::firstPageBrought)
              .does(scene -> List.of(noiseBehindFirstPage(scene)))
              .wants("the noise lies in the slot", SharingAttacks::holdsNoise)
              .refused(Refusal.R20, Check.BLOCK_DIGEST),
          row("T57b", LIAR, "lies between two honest ones, so that the image is never whole")
              .after(SharingAttacks::firstPageBrought)
              .does(
                  scene -> {
                    noiseBehindFirstPage(scene);
                    scene.pass(Deeds.LINK_GONE);
                    return List.of(scene.on("third").upload(scene.honest().file()));
                  })
              .inPeace(
                  scene -> {
                    scene.pass(Deeds.LINK_GONE);
                    return List.of(
                        scene.on("second").ask("look on", new Permits.Status()),
                        scene.on("third").upload(scene.honest().file()));
                  })
              .wants(
                  "another image than the honest one lies in the slot",
                  scene -> !scene.secondary(0).startsWith(scene.honest().file()))
              .ends(new Outcome.Harmless(), agent(Check.BLOCK_DIGEST)),
          // Beyond the image.
          row("T62a", PEER, "reads on behind the end of bundle and table")
              .after(Deeds.HONEST_CONFIRMED)
              .does(
                  scene -> {
                    int end = scene.honest().table().size();
                    Attacker peer = scene.stranger();
                    return List.of(
                        counted(scene, peer.get(table(scene, end))),
                        counted(scene, peer.get(table(scene, Integer.MAX_VALUE))),
                        counted(scene, peer.get(bundle(scene, Bundle.BYTES_MAX))),
                        counted(scene, peer.get(bundle(scene, Long.MAX_VALUE))));
                  })
              .wants("it is told something", SharingAttacks::wasTold)
              .refused(Refusal.R19),
          row(
                  "T62b",
                  PEER,
                  "wants all that a device passes on, with the keys that its bootloader has left"
                      + " behind the image")
              .after(SharingAttacks::installedByHand)
              .byCable(
                  (scene, cable) ->
                      cable.layPrimary(scene.honest().file().size(), scene.world().tail()))
              .does(scene -> List.of(scene.stranger().get(table(scene, 0))))
              .wants(
                  "what lies behind the image goes out",
                  scene ->
                      passesOn(scene, scene.honest().file().size() + scene.world().tail().size()))
              .ends(
                  new Outcome.Bounded(
                      "the image goes out, to its last byte and no further",
                      SharingAttacks::passesOnTheImageAlone),
                  agent(Check.SIZE),
                  agent(Check.IMAGE_DIGEST)),
          // Other forms.
          row(
                  "T63a",
                  "an honest peer",
                  "passes on an encrypted release that lies in clear where it runs: nobody could"
                      + " start that")
              .on(Victim.ENCRYPTED)
              .after(SharingAttacks::installedByHand)
              .does(scene -> List.of(scene.stranger().get(bundle(scene, 0))))
              .wants("it is offered", SharingAttacks::isOffered)
              .refused(Refusal.R18, Check.FORMAT, Check.IMAGE_DIGEST),
          row(
                  "T63b",
                  "worn flash, or malware on a peer",
                  "changes a byte of what runs, which is then passed on")
              .after(SharingAttacks::installedByHand)
              .byCable((_, cable) -> cable.flipPrimary(IN_SECOND_PAGE))
              .does(scene -> List.of(scene.stranger().get(bundle(scene, 0))))
              .wants("it is offered", SharingAttacks::isOffered)
              .repairedBy(SharingAttacks::mended)
              .refused(Refusal.R18, Check.IMAGE_DIGEST),
          // Variants.
          row("T64a", PEER, "passes on a release for the slot that runs, and for no other")
              .on(Victim.VARIANTS)
              .does(scene -> List.of(scene.stranger().bringBundle(runningOnly(scene).bundle())))
              .wants(
                  "it is accepted",
                  scene -> scene.known().equals(Optional.of(runningOnly(scene).mark())))
              .refused(Refusal.R23, Check.COMPONENT),
          row("T64b", PEER, "uploads the variant for the slot that runs under a permit for both")
              .on(Victim.VARIANTS)
              .after(SharingAttacks::variantPermit)
              .does(scene -> List.of(scene.stranger().upload(otherVariant(scene))))
              .wants(
                  "the variant for the other slot lies in this one",
                  scene -> scene.holdsPageOf(otherVariant(scene)))
              .refused(Refusal.R20, Check.BLOCK_DIGEST),
          row("T64c", PEER, "brings the block table of that variant as well")
              .on(Victim.VARIANTS)
              .after(scene -> Deeds.taken(scene.stranger().bringBundle(scene.honest().bundle())))
              .does(
                  scene -> {
                    Bytes other = otherVariant(scene);
                    return List.of(
                        scene.stranger().bringTable(BlockTable.of(other).digests()),
                        scene.stranger().upload(other));
                  })
              .wants(
                  "the variant for the other slot lies in this one",
                  scene -> scene.holdsPageOf(otherVariant(scene)))
              .refused(Refusal.R20, Check.BLOCK_DIGEST));

  private SharingAttacks() {}

  // How it got there.

  /// Step by step: a device that does not check what lies in its slot tells an updater nothing
  /// useful about it.
  private static void installedByHand(Scene scene) throws IOException {
    Edition honest = scene.honest();
    Deeds.staged(scene, honest);
    Deeds.taken(scene.stranger().mark(honest.hash()));
    Deeds.taken(scene.stranger().reset());
    scene.pass(Deeds.LINK_GONE);
    if (!scene.runs(honest.image())) {
      throw new IOException("the honest release does not run");
    }
  }

  private static void mended(Scene scene) {
    new Cable(scene.device().flash(), scene.device().setup()).layPrimary(0, scene.honest().file());
    scene.restart();
  }

  // What is asked for.

  private static Permits.Get bundle(Scene scene, long offset) {
    return new Permits.Get(shortDigest(scene), new Permits.Get.What.Bundle(), offset, GET_BYTES);
  }

  private static Permits.Get table(Scene scene, long offset) {
    return new Permits.Get(shortDigest(scene), new Permits.Get.What.Table(0), offset, GET_BYTES);
  }

  private static Bytes shortDigest(Scene scene) {
    return scene.honest().digest().value().first(Permits.SHORT_DIGEST_SIZE);
  }

  /// No request of ours can say this.
  private static Request<Permits.GetReply> image(Scene scene) {
    return new ImageBytes(bundle(scene, 0));
  }

  private record ImageBytes(Permits.Get like) implements Request<Permits.GetReply> {
    private static final int IMAGE = 2;

    @Override
    public CommandKey command() {
      return like.command();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder()
          .put("digest", like.digest())
          .put("what", IMAGE)
          .put("off", like.offset())
          .put("n", like.size())
          .build();
    }

    @Override
    public Permits.GetReply reply(CborFields answer) throws MalformedException {
      return like.reply(answer);
    }
  }

  private static Encounter counted(Scene scene, Encounter encounter) {
    if (encounter.reaction() instanceof Reaction.Taken) {
      scene.count("told", 1);
    }
    return encounter;
  }

  private static boolean wasTold(Scene scene) {
    return scene.counted("told") > 0;
  }

  // What goes out.

  private static Optional<UpdateMaterial> passedOn(Scene scene) {
    return switch (scene.device().sharing()) {
      case Sharing.Ready(var material) -> Optional.of(material);
      case Sharing.Cannot _ -> Optional.empty();
    };
  }

  private static boolean isOffered(Scene scene) {
    return passedOn(scene).isPresent();
  }

  private static boolean passesOn(Scene scene, int size) {
    return passedOn(scene).filter(material -> material.image().size() >= size).isPresent();
  }

  private static boolean passesOnTheImageAlone(Scene scene) {
    return passedOn(scene).map(UpdateMaterial::image).equals(Optional.of(scene.honest().file()));
  }

  private static boolean clearGoesOut(Scene scene) {
    int header = scene.honest().image().header().headerSize();
    Bytes sealed = scene.honest().file().slice(header, header + PAGE);
    return passedOn(scene)
        .filter(material -> !material.image().slice(header, header + PAGE).equals(sealed))
        .isPresent();
  }

  private static Bundle bundleOut(Scene scene) {
    Bytes bundle =
        passedOn(scene)
            .flatMap(UpdateMaterial::release)
            .map(UpdateMaterial.Sealed::bundle)
            .orElseThrow(() -> new IllegalStateException("nothing is passed on"));
    try {
      return Bundle.decode(bundle);
    } catch (MalformedException e) {
      throw new IllegalStateException("what is passed on is no bundle", e);
    }
  }

  private static boolean tellsMore(Scene scene) {
    Bundle bundle = bundleOut(scene);
    return !envelope(bundle).severed().isEmpty()
        || bundle.beacon().filter(SharingAttacks::isAnswer).isPresent();
  }

  private static boolean isAnswer(Bytes beacon) {
    try {
      return Signed.decode(beacon, Beacon::decode).content().nonce().isPresent();
    } catch (MalformedException e) {
      throw new IllegalStateException("what is passed on is no beacon", e);
    }
  }

  private static boolean tellsReleaseAlone(Scene scene) {
    Bundle honest =
        scene.honest().bundle().withEndorsements(List.of(scene.world().approval(scene.honest())));
    return bundleOut(scene).equals(honest);
  }

  private static SuitEnvelope envelope(Bundle bundle) {
    try {
      return bundle.openEnvelope();
    } catch (MalformedException e) {
      throw new IllegalStateException("what is passed on has no envelope", e);
    }
  }

  /// The genuine envelope with what its makers cut off before it went to devices.
  private static Bundle wordy(Scene scene, int label) {
    SuitEnvelope genuine = scene.honest().envelope();
    return Bundle.of(
        new SuitEnvelope(
            genuine.digestBytes(),
            genuine.blocks(),
            genuine.manifestBytes(),
            new TreeMap<>(Map.of(label, Bytes.ofUtf8("what is in it"))),
            genuine.integrated()));
  }

  // Liars.

  private static void firstPageBrought(Scene scene) throws IOException {
    Attacker first = scene.on("first");
    Deeds.taken(first.bringBundle(scene.honest().bundle()));
    Deeds.tables(first, scene.honest());
    Deeds.taken(Chunks.of(scene.honest().file(), 0, PAGE).sentBy(first));
    scene.pass(Deeds.LINK_GONE);
  }

  private static Encounter noiseBehindFirstPage(Scene scene) throws IOException {
    Bytes noise = scene.world().garbage();
    return Chunks.of(noise, PAGE, noise.size()).sentBy(scene.on("second"));
  }

  private static boolean holdsNoise(Scene scene) {
    return scene.secondary(0).from(PAGE).startsWith(scene.world().garbage().slice(PAGE, 2 * PAGE));
  }

  // Variants.

  private static void variantPermit(Scene scene) throws IOException {
    Attacker peer = scene.stranger();
    Deeds.taken(peer.bringBundle(scene.honest().bundle()));
    Deeds.taken(peer.bringTable(scene.honest().table(1)));
  }

  private static Edition runningOnly(Scene scene) {
    Edition both = scene.honest();
    return scene
        .world()
        .made(
            "the running slot's variant alone",
            () ->
                Edition.ofFiles(
                    Release.of(
                        new Release.Target(
                            both.release().vendor(), both.release().deviceClass(), both.sequence()),
                        both.release().version(),
                        List.of(both.release().parts().getFirst())),
                    List.of(both.file()),
                    scene.people().releaseQuorum()));
  }

  /// At exactly the size of the one that is permitted: signatures differ by a few bytes.
  private static Bytes otherVariant(Scene scene) {
    Bytes other = scene.honest().file(0);
    int size = scene.honest().file(1).size();
    return other.size() >= size
        ? other.first(size)
        : other.plus(Bytes.filled(size - other.size(), 0));
  }
}
