package dev.distill.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person sees on a terminal that is as long as need be: text, line ends, and the four codes that this program writes. */
final class Screen {
    private static final Pattern CODE = Pattern.compile("\u001b\\[([0-9;]*)([A-Za-z])");

    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private int row;
    private int column;

    /** Takes what was written. */
    Screen write(String text) {
        Matcher code = CODE.matcher(text);
        for (int at = 0; at < text.length(); ) {
            if (code.find(at) && code.start() == at) {
                act(code.group(2));
                at = code.end();
            } else {
                put(text.charAt(at++));
            }
        }
        return this;
    }

    private void act(String letter) {
        switch (letter) {
            case "A" -> row--;
            case "K" -> lines.get(row).setLength(column);
            case "J" -> {
                lines.get(row).setLength(column);
                lines.subList(row + 1, lines.size()).clear();
            }
            case "m" -> {}
            default -> throw new IllegalStateException("no such code here: " + letter);
        }
    }

    private void put(char character) {
        switch (character) {
            case '\r' -> column = 0;
            case '\n' -> {
                row++;
                if (row == lines.size()) {
                    lines.add(new StringBuilder());
                }
            }
            default -> {
                StringBuilder line = lines.get(row);
                line.append(" ".repeat(Math.max(0, column - line.length())));
                line.replace(column, Math.min(line.length(), column + 1), String.valueOf(character));
                column++;
            }
        }
    }

    List<String> lines() {
        return lines.stream().map(StringBuilder::toString).toList();
    }
}
