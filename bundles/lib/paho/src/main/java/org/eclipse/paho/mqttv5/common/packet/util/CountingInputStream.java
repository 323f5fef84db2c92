// SPDX-License-Identifier: Apache-2.0
package org.eclipse.paho.mqttv5.common.packet.util;

import java.io.IOException;
import java.io.InputStream;

/**
 * Counts bytes that are read; in the place of Paho's class of that name, which reads one byte at a
 * time whatever it is asked for: a message's payload passed it twice so, under a lock for each
 * byte.
 */
public class CountingInputStream extends InputStream {
  private final InputStream in;
  private int counter;

  /** Nothing is read yet. */
  public CountingInputStream(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    int one = in.read();
    if (one >= 0) {
      counter++;
    }
    return one;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    counter += Math.max(0, read);
    return read;
  }

  /** Bytes read since the beginning, or since {@link #resetCounter}. */
  public int getCounter() {
    return counter;
  }

  /** Begins to count anew. */
  public void resetCounter() {
    counter = 0;
  }
}
