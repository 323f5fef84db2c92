// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.stream;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Party;

/**
 * Everything that a federation said on the wire during one task, in the order of sending, with the
 * public keys that open it.
 *
 * @param keys SubjectPublicKeyInfo by party
 * @param said what was sent
 */
record RecordedStream(Map<Party, byte[]> keys, List<Said> said) {
  /** One payload as it was handed to the link. */
  record Said(String from, Address address, byte[] payload) {}

  void save(OutputStream to) throws IOException {
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(to))) {
      out.writeInt(keys.size());
      for (Map.Entry<Party, byte[]> each : keys.entrySet()) {
        out.writeUTF(each.getKey().role().name());
        out.writeUTF(each.getKey().id());
        bytes(out, each.getValue());
      }
      out.writeInt(said.size());
      for (Said each : said) {
        out.writeUTF(each.from());
        out.writeUTF(each.address().topic());
        bytes(out, each.payload());
      }
    }
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static RecordedStream load(InputStream from) throws IOException, RefusedException {
    try (DataInputStream in = new DataInputStream(new GZIPInputStream(from))) {
      Map<Party, byte[]> keys = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        Party party = new Party(Party.Role.valueOf(in.readUTF()), in.readUTF());
        keys.put(party, in.readNBytes(in.readInt()));
      }
      List<Said> said = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        said.add(new Said(in.readUTF(), Address.parse(in.readUTF()), in.readNBytes(in.readInt())));
      }
      return new RecordedStream(keys, said);
    }
  }
}
