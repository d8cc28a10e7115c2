package dev.distill.data.curate;

import dev.distill.data.curate.Secret.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what says where and when a person lives: e-mail addresses, houses, passports, dates of birth. */
final class SecretWords {
    private static final Pattern EMAIL =
            Pattern.compile("([\\w.%+-]{1,64})@((?:[\\w-]{1,63}\\.){1,4}[A-Za-z]{2,18})(?![\\w@])");

    /** Domains for examples (RFC 2606) and those that stand for any. */
    private static final Pattern EXAMPLE_DOMAIN = Pattern.compile(
            "(?:^|\\.)(?:(?:my|your|some|the)?(?:example|test|domain|company|email|website|site|mail|host|server|organi[sz]ation|school|university|business)s?|localhost|contoso|fabrikam|acme(?:corp)?|foo|bar|xyz|abc)(?:\\.[a-z]{2,3})+$|\\.(?:example|test|invalid|localhost|local|internal)$",
            Pattern.CASE_INSENSITIVE);

    /** Nobody's in particular. */
    private static final Pattern ROLE = Pattern.compile(
            "(?:user|username|name|someone|somebody|you|your\\w*|your[._-]\\w+|me|test\\w*|example|first\\.?last|firstname\\.lastname|john\\.?doe|jane\\.?doe|jdoe|alice|bob|foo|bar|admin|info|support|contact|sales|help|hello|no-?reply|webmaster|postmaster|abuse|security|press|jobs|careers|git|hr|office|team|service|enquiries|billing|feedback)\\d{0,3}",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern ADDRESS = Pattern.compile(
            "(?:street|st\\.?|avenue|ave\\.?|road|rd\\.?|lane|ln\\.?|drive|dr\\.?|boulevard|blvd\\.?|court|ct\\.?|way|place|terrace|mews|close|crescent|gardens|grove|square|hill|row|walk)(?:,? (?:apt\\.?|apartment|unit|suite|#) ?#?\\w{1,5})?,? +[A-Z][\\w .'-]{1,30},? +(?:[A-Z]{2},? \\d{5}(?:-\\d{4})?|[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2})\\b",
            Pattern.CASE_INSENSITIVE);

    /** Street, number, code and town as they are written in Germany, France, Italy, Spain; a flat in China. */
    private static final Pattern ABROAD = Pattern.compile(
            "\\p{Lu}[\\p{L}-]*(?:weg|straße|strasse|str\\.|platz|allee|gasse|ring|damm|ufer) \\d{1,4} ?[a-z]?,?\\s+(?:D-|A-|CH-)?\\d{4,5} \\p{Lu}"
                    + "|\\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|chemin|impasse|allée|quai|cours) [^,.\\n]{2,40},? \\d{5} \\p{Lu}"
                    + "|(?:[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Cc]alle|[Aa]venida|[Pp]laza|[Pp]aseo|[Rr]ua) [^,.\\n]{2,40},? \\d{1,4},? (?:\\p{L}{1,3},? )?\\d{4,5} \\p{Lu}"
                    + "|(?:市|区|县|镇)[^，。；\\n]{1,20}(?:路|街|巷|道|弄|村) ?\\d+ ?[号弄][^，。；\\n]{0,14}(?:室|幢|栋|楼|单元|号)");

    private static final Pattern HOUSE =
            Pattern.compile("\\b\\d{1,5}[A-Za-z]? (?:[NSEW]\\.? )?(?:[A-Z0-9][\\w.'-]* ){1,4}$");

    private static final Pattern PASSPORT = Pattern.compile(
            "(?:passport|护照)[ \\w]{0,12}(?:number|no\\.?|#|号码?|is|:|：)[ :：#is]{0,6}([A-Z]{0,2}\\d{6,9})\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern BIRTH = Pattern.compile(
            "(?:date of birth|birth ?date|\\bdob|出生日期|生日)[\"'*]{0,3}(?: is| was)?\\s?[:：=]?\\s?[\"'*]{0,3}(?:(?:19|20)\\d{2}[-/.年]\\d{1,2}[-/.月]\\d{1,2}|\\d{1,2}[-/. ](?:\\d{1,2}|[A-Za-z]{3,9})[-/. ](?:19|20)?\\d{2}|[A-Z][a-z]{2,8} \\d{1,2},? (?:19|20)\\d{2})",
            Pattern.CASE_INSENSITIVE);

    private SecretWords() {}

    /** The e-mail address around this @; null for none. */
    static @Nullable Secret email(String text, int at) {
        int start = at;
        while (start > 0 && at - start < 64 && isLocal(text.charAt(start - 1))) {
            start--;
        }
        Matcher email = EMAIL.matcher(text)
                .region(start, Math.min(text.length(), at + 160))
                .useTransparentBounds(true);
        if (start == at || !email.lookingAt() || email.start(2) != at + 1) {
            return null;
        }
        boolean nobody = EXAMPLE_DOMAIN.matcher(email.group(2)).find()
                || ROLE.matcher(email.group(1)).matches();
        boolean password = start >= 1
                && text.charAt(start - 1) == ':'
                && text.lastIndexOf("://", start) >= Math.max(0, start - 80);
        return nobody || password ? null : Secret.masked(Kind.EMAIL, email.group(), 0);
    }

    private static boolean isLocal(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || "._%+-".indexOf(c) >= 0);
    }

    /** A passport, by the word that announces it; null for none. */
    static @Nullable Secret passport(String text) {
        if (has(text, "assport") || text.contains("护照")) {
            Matcher passport = PASSPORT.matcher(text);
            if (passport.find() && !passport.group(1).contains("123456")) {
                return Secret.masked(Kind.PASSPORT, passport.group(1), 0);
            }
        }
        return null;
    }

    /** A date of birth, by the words that announce it; null for none. */
    static @Nullable Secret birthDate(String text) {
        if (has(text, "birth")
                || text.contains("DOB")
                || text.contains("dob")
                || text.contains("出生日期")
                || text.contains("生日")) {
            Matcher birth = BIRTH.matcher(text);
            if (birth.find()) {
                return new Secret(Kind.BIRTH_DATE, "****-**-**", birth.group());
            }
        }
        return null;
    }

    /** A house in Europe whose postcode begins here, or one in China whose 号 stands here; null for none. */
    static @Nullable Secret abroad(String text, int at) {
        Matcher house = ABROAD.matcher(text).region(Math.max(0, at - 70), Math.min(text.length(), at + 16));
        return house.find() ? Secret.masked(Kind.ADDRESS, house.group(), 0) : null;
    }

    private static boolean has(String text, String word) {
        return text.contains(word);
    }

    /** A house with street, town and code whose street number begins here; null for none. */
    static @Nullable Secret address(String text, int start) {
        Matcher street = ADDRESS.matcher(text)
                .region(start, Math.min(text.length(), start + 120))
                .useTransparentBounds(true);
        if (!street.find()
                || street.start() - start > 45
                || !HOUSE.matcher(text.substring(start, street.start())).matches()) {
            return null;
        }
        return Secret.masked(Kind.ADDRESS, text.substring(start, street.end()), 0);
    }
}
