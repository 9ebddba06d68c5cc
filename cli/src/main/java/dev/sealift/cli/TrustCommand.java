// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import picocli.CommandLine.Command;

/// Whom devices trust, and what is said with that trust beside releases.
@Command(
    name = "trust",
    description = "Say whom devices trust: roots, delegations, news, technicians.",
    subcommands = {
      TrustRoot.class,
      TrustDelegate.class,
      TrustBeacon.class,
      TrustSession.class,
      TrustServe.class,
      TrustShow.class
    })
final class TrustCommand extends Noun {}
