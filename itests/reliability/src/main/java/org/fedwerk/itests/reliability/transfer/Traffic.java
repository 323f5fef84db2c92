// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

/**
 * Chunks that passed one end of a link.
 *
 * @param sent different chunks that the broker took from it
 * @param sentAgain how often the broker took one that it had taken before
 * @param received different chunks that came to it
 * @param receivedAgain how often one came that had come before
 */
public record Traffic(long sent, long sentAgain, long received, long receivedAgain) {
  static Traffic of(CountedLink link) {
    return new Traffic(
        link.chunksSent(), link.sentAgain(), link.chunksReceived(), link.receivedAgain());
  }

  /** As words, which {@link #parse} reads. */
  String words() {
    return sent + " " + sentAgain + " " + received + " " + receivedAgain;
  }

  static Traffic parse(String words) {
    String[] each = words.split(" ");
    return new Traffic(
        Long.parseLong(each[0]),
        Long.parseLong(each[1]),
        Long.parseLong(each[2]),
        Long.parseLong(each[3]));
  }
}
