package dev.sharedregion.bench;

import java.util.Locale;

/** A picture in the making: lines, boxes and text, in colours for a light and for a dark page. */
final class Svg {
    /** Its own ground, as a page that is dark by its own choice does not tell the picture so. */
    private static final String STYLE = """
            <style>
            text { font: 13px system-ui, sans-serif; fill: #1f2328; }
            .title { font-size: 16px; font-weight: 600; }
            .small { font-size: 11px; }
            .soft { fill: #59636e; }
            .right { text-anchor: end; }
            .middle { text-anchor: middle; }
            .ground { fill: #ffffff; stroke: #d1d9e0; }
            .grid { stroke: #d1d9e0; }
            .spread { stroke: #1f2328; stroke-width: 1.5; }
            .line { fill: none; stroke-width: 2; }
            .a { fill: #0969da; } .line.a { stroke: #0969da; fill: none; }
            .b { fill: #8c959f; } .line.b { stroke: #59636e; fill: none; stroke-dasharray: 6 3; }
            .c { fill: #d4a72c; } .line.c { stroke: #bf8700; fill: none; stroke-dasharray: 2 3; }
            @media (prefers-color-scheme: dark) {
            text { fill: #f0f6fc; } .soft { fill: #9198a1; }
            .ground { fill: #0d1117; stroke: #3d444d; }
            .grid { stroke: #3d444d; }
            .spread { stroke: #f0f6fc; }
            .a { fill: #4493f8; } .line.a { stroke: #4493f8; }
            .b { fill: #656c76; } .line.b { stroke: #9198a1; }
            .c { fill: #9e6a03; } .line.c { stroke: #d29922; }
            }
            </style>
            """;

    private final StringBuilder svg = new StringBuilder();

    Svg(int width, int height, String title) {
        svg.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">%n<title>%s</title>%n",
                width, height, width, escaped(title)));
        svg.append(STYLE);
        box("ground", 0.5, 0.5, width - 1, height - 1);
    }

    void text(String style, double x, double y, String text) {
        add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", style, x, y, escaped(text));
    }

    void box(String style, double x, double y, double width, double height) {
        add("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>", style, x, y, width, height);
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", style, x1, y1, x2, y2);
    }

    void dot(String style, double x, double y) {
        add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", style, x, y);
    }

    String end() {
        return svg + "</svg>\n";
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
