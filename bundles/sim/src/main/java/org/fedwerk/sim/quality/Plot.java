// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A bar per column with a mark per seed, as SVG. */
final class Plot {
  private static final int WIDTH = 720;
  private static final int LEFT = 130;
  private static final int BAR = 22;
  private static final int STEP = 32;
  private static final int TOP = 40;
  private static final int ROOM_FOR_NUMBERS = 80;

  private Plot() {}

  static String svg(String name, String metric, List<Column> columns) {
    double most =
        columns.stream().flatMapToDouble(each -> Arrays.stream(each.values())).max().orElse(1);
    double scale = (WIDTH - LEFT - ROOM_FOR_NUMBERS) / Math.max(most, 1e-9);
    int height = TOP + STEP * columns.size() + 10;
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
            + " font-size=\"13\">",
        WIDTH,
        height);
    line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, height);
    line(svg, "<text x=\"10\" y=\"22\">%s: %s on test parts</text>", name, metric);
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      int y = TOP + STEP * i;
      int middle = y + BAR / 2;
      line(svg, "<text x=\"10\" y=\"%d\">%s</text>", middle + 5, column.name());
      line(
          svg,
          "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#7a9cc6\"/>",
          LEFT,
          y,
          column.mean() * scale,
          BAR);
      for (double value : column.values()) {
        line(
            svg,
            "<circle cx=\"%.1f\" cy=\"%d\" r=\"3\" fill=\"#1d3557\"/>",
            LEFT + value * scale,
            middle);
      }
      line(
          svg,
          "<text x=\"%.1f\" y=\"%d\">%s</text>",
          LEFT + Arrays.stream(column.values()).max().orElse(0) * scale + 8,
          middle + 5,
          Report.number(column.mean()));
    }
    return svg.append("</svg>\n").toString();
  }

  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
