package dev.distill.data.template.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiPredicate;

/** Python's methods of strings, lists and dicts; only those that change nothing. */
final class Methods {
    private static final Set<String> TEXT = Set.of(
            "strip",
            "lstrip",
            "rstrip",
            "split",
            "rsplit",
            "splitlines",
            "startswith",
            "endswith",
            "replace",
            "upper",
            "lower",
            "title",
            "capitalize",
            "find",
            "rfind",
            "index",
            "count",
            "join",
            "partition",
            "removeprefix",
            "removesuffix",
            "isdigit",
            "isalpha",
            "isalnum",
            "isspace",
            "isupper",
            "islower",
            "zfill");
    private static final Set<String> DICT = Set.of("get", "items", "keys", "values", "copy");
    private static final Set<String> SEQUENCE = Set.of("index", "count", "copy");

    private Methods() {}

    static boolean ofText(String name) {
        return TEXT.contains(name);
    }

    static boolean ofDict(String name) {
        return DICT.contains(name);
    }

    static boolean ofSequence(String name) {
        return SEQUENCE.contains(name);
    }

    static Value call(Value self, String name, Args args) {
        Value result = switch (self) {
            case Value.Text text -> {
                args.run.budget().chars(text.value().length());
                yield text(text.value(), name, args);
            }
            case Value.Dict dict -> dict(dict, name, args);
            case Value.Sequence sequence -> sequence(sequence, name, args);
            default -> throw new IllegalStateException(self.type() + " has no methods");
        };
        return args.finish(result);
    }

    private static Value text(String self, String name, Args args) {
        Run run = args.run;
        return switch (name) {
            case "strip" -> run.text(Strings.strip(self, args.text(0, "chars"), true, true));
            case "lstrip" -> run.text(Strings.strip(self, args.text(0, "chars"), true, false));
            case "rstrip" -> run.text(Strings.strip(self, args.text(0, "chars"), false, true));
            case "split" -> list(Strings.split(self, args.text(0, "sep"), args.whole(1, "maxsplit", -1)), args);
            case "rsplit" ->
                list(Strings.splitFromRight(self, args.requireText(0, "sep"), args.whole(1, "maxsplit", -1)), args);
            case "splitlines" -> list(Strings.lines(self), args);
            case "partition" -> partition(self, args.requireText(0, "sep"));
            case "startswith" -> Value.Bool.of(any(args.require(0, "prefix"), self, String::startsWith));
            case "endswith" -> Value.Bool.of(any(args.require(0, "suffix"), self, String::endsWith));
            case "removeprefix" -> {
                String prefix = args.requireText(0, "prefix");
                yield run.text(self.startsWith(prefix) ? self.substring(prefix.length()) : self);
            }
            case "removesuffix" -> {
                String suffix = args.requireText(0, "suffix");
                yield run.text(self.endsWith(suffix) ? self.substring(0, self.length() - suffix.length()) : self);
            }
            case "replace" ->
                replace(
                        self,
                        args.requireText(0, "old"),
                        args.requireText(1, "new"),
                        args.whole(2, "count", -1),
                        run.budget());
            case "upper" -> run.text(self.toUpperCase(Locale.ROOT));
            case "lower" -> run.text(self.toLowerCase(Locale.ROOT));
            case "title" -> run.text(Strings.title(self));
            case "capitalize" -> run.text(Strings.capitalize(self));
            case "find" -> new Value.Int(points(self, self.indexOf(args.requireText(0, "sub"))));
            case "rfind" -> new Value.Int(points(self, self.lastIndexOf(args.requireText(0, "sub"))));
            case "join" ->
                join(
                        self,
                        Operators.items(args.require(0, "iterable"), run.budget()).stream()
                                .map(Methods::requireText)
                                .toList(),
                        run);
            case "zfill" -> zfill(self, args);
            case "index", "count" -> occurrences(self, name, args);
            default -> Value.Bool.of(kind(self, name));
        };
    }

    private static boolean kind(String self, String name) {
        return switch (name) {
            case "isdigit" -> Strings.all(self, Character::isDigit);
            case "isalpha" -> Strings.all(self, Character::isLetter);
            case "isalnum" -> Strings.all(self, Character::isLetterOrDigit);
            case "isspace" -> Strings.all(self, Strings::isSpace);
            case "isupper" -> Strings.cased(self, true);
            case "islower" -> Strings.cased(self, false);
            default -> throw new IllegalStateException("no method " + name);
        };
    }

    private static String requireText(Value item) {
        if (item instanceof Value.Text text) {
            return text.value();
        }
        throw new TemplateException("str.join needs strings; got " + item.type());
    }

    private static Value list(List<String> parts, Args args) {
        args.run.budget().items(parts.size());
        return Value.Sequence.list(
                parts.stream().map(part -> (Value) new Value.Text(part)).toList());
    }

    private static Value partition(String self, String separator) {
        List<String> parts = Strings.split(self, separator, 1);
        boolean found = parts.size() > 1;
        return Value.Sequence.tuple(
                new Value.Text(parts.get(0)),
                new Value.Text(found ? separator : ""),
                new Value.Text(found ? parts.get(1) : ""));
    }

    /** One string to test against, or a tuple of them. */
    private static boolean any(Value wanted, String self, BiPredicate<String, String> test) {
        return switch (wanted) {
            case Value.Text text -> test.test(self, text.value());
            case Value.Sequence several
            when several.tuple() -> several.items().stream().anyMatch(item -> any(item, self, test));
            default -> throw new TemplateException("startswith and endswith need a string; got " + wanted.type());
        };
    }

    /** A place counted in code points; -1 stays. */
    private static long points(String self, int at) {
        return at < 0 ? -1 : self.codePointCount(0, at);
    }

    private static Value occurrences(String self, String name, Args args) {
        String part = args.requireText(0, "sub");
        if (name.equals("count")) {
            return new Value.Int(
                    part.isEmpty()
                            ? self.codePointCount(0, self.length()) + 1
                            : Strings.split(self, part, -1).size() - 1);
        }
        if (!self.contains(part)) {
            throw new TemplateException("str.index: the part is not in the string");
        }
        return new Value.Int(points(self, self.indexOf(part)));
    }

    private static Value zfill(String self, Args args) {
        int missing = Math.clamp(args.whole(0, "width", 0) - self.length(), 0, 1_000);
        boolean signed = self.startsWith("-") || self.startsWith("+");
        String sign = signed ? self.substring(0, 1) : "";
        return args.run.text(sign + "0".repeat(missing) + self.substring(sign.length()));
    }

    /** Pays for the result before it is made: what replaces may be long, and what is replaced, short. */
    static Value replace(String text, String old, String by, long most, Budget budget) {
        long places = old.isEmpty() ? text.length() + 1L : text.length() / old.length();
        long made = most < 0 ? places : Math.min(most, places);
        if (made * by.length() > text.length()) {
            made = old.isEmpty()
                    ? made
                    : Math.min(made, Strings.split(text, old, most).size() - 1L);
        }
        budget.chars(text.length() + made * by.length());
        return new Value.Text(Strings.replace(text, old, by, most));
    }

    static Value join(String separator, List<String> parts, Run run) {
        long size = (long) separator.length() * parts.size();
        for (String part : parts) {
            size += part.length();
        }
        run.budget().chars(size);
        return new Value.Text(String.join(separator, parts));
    }

    private static Value dict(Value.Dict self, String name, Args args) {
        switch (name) {
            case "get" -> {
                Value key = args.require(0, "key");
                Value otherwise = args.get(1, "default", Value.None.NONE);
                return key.hashable() ? self.entries().getOrDefault(key, otherwise) : otherwise;
            }
            case "items" -> {
                return ListFilters.pairs(self, args.run);
            }
            case "copy" -> {
                return self;
            }
            case "keys", "values" -> {
                args.run.budget().items(self.entries().size());
                return Value.Sequence.list(List.copyOf(
                        name.equals("keys")
                                ? self.entries().keySet()
                                : self.entries().values()));
            }
            default -> throw new IllegalStateException("no method " + name);
        }
    }

    private static Value sequence(Value.Sequence self, String name, Args args) {
        if (name.equals("copy")) {
            return self;
        }
        Value wanted = args.require(0, "value");
        int count = 0;
        for (int i = 0; i < self.items().size(); i++) {
            if (Operators.equal(self.items().get(i), wanted, args.run.budget())) {
                if (name.equals("index")) {
                    return new Value.Int(i);
                }
                count++;
            }
        }
        if (name.equals("index")) {
            throw new TemplateException("list.index: the value is not in the list");
        }
        return new Value.Int(count);
    }
}
