package dev.distill.data.curate;

import dev.distill.data.curate.Secret.Kind;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds numbers of persons and accounts by their shape and, where they have one, their check digit: cards (ISO/IEC 7812,
 * Luhn), IBAN (ISO 13616, mod 97), Chinese identity numbers (GB 11643, mod 11-2), social security numbers, telephones,
 * addresses of machines. Numbers that are reserved for examples are none.
 */
final class SecretNumbers {
    private static final Pattern CARD =
            Pattern.compile("\\d{4}([ -]?)\\d{4}\\1\\d{4}\\1\\d{1,7}|3[47]\\d{2}([ -]?)\\d{6}\\2\\d{5}");
    private static final Pattern CARD_NETWORK = Pattern.compile(
            "4\\d{12}(?:\\d{3})?(?:\\d{3})?|5[1-5]\\d{14}|2(?:2[2-9]|[3-6]\\d|7[01])\\d{13}|3[47]\\d{13}|6(?:011|5\\d\\d)\\d{12}|62\\d{14,17}|35(?:2[89]|[3-8]\\d)\\d{12}|3(?:0[0-5]|[68]\\d)\\d{11}");

    /** What the networks and payment providers give out for tests. */
    private static final Set<String> TEST_CARDS = Set.of(
            "4111111111111111",
            "4242424242424242",
            "4012888888881881",
            "4222222222222",
            "4000056655665556",
            "5555555555554444",
            "5105105105105100",
            "5200828282828210",
            "2223003122003222",
            "378282246310005",
            "371449635398431",
            "6011111111111117",
            "6011000990139424",
            "3530111333300000",
            "3566002020360505",
            "30569309025904",
            "38520000023237",
            "4000000000000002",
            "4242424242424241",
            "1234567890123456");

    private static final Pattern CARD_WORD = Pattern.compile(
            "card|visa|mastercard|amex|discover|credit|debit|cvv|信用卡|银行卡|卡号|\\bpan\\b|karte|carte|carta|tarjeta",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern SSN = Pattern.compile("(\\d{3})-(\\d{2})-(\\d{4})(?![\\d-]| ?=)");
    private static final Set<String> TEST_SSN =
            Set.of("078-05-1120", "219-09-9999", "123-45-6789", "987-65-4321", "111-11-1111");
    private static final Pattern SSN_WORD = Pattern.compile("social security|\\bssn\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern SSN_BARE = Pattern.compile("\\d{3} ?\\d{2} ?\\d{4}(?!\\d)");

    private static final Pattern CHINESE_ID = Pattern.compile(
            "[1-9]\\d{5}(?:19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}[\\dXx](?![\\dA-Za-z])");
    private static final Set<String> TEST_CHINESE_ID = Set.of("11010519491231002X", "110101199003070000");

    private static final Pattern IBAN =
            Pattern.compile("[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])");
    private static final Set<String> TEST_IBAN = Set.of(
            "GB82WEST12345698765432",
            "GB29NWBK60161331926819",
            "GB33BUKB20201555555555",
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "NL91ABNA0417164300",
            "ES9121000418450200051332",
            "CH9300762011623852957",
            "IT60X0542811101000000123456",
            "BE68539007547034");

    private static final Pattern IP =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?![\\d.]\\d?)");
    private static final Pattern IP_WORD = Pattern.compile(
            "\\bip\\b|\\bips\\b|host|server|ssh|ping|connect|login|logged|address|visitor|client|服务器|地址",
            Pattern.CASE_INSENSITIVE);

    private static final BigInteger NINETY_SEVEN = BigInteger.valueOf(97);

    private SecretNumbers() {}

    /** What the number is that begins here, with a digit, a bracket or a plus; null for none. */
    static @Nullable Secret at(String text, int start, String question) {
        Secret card = card(text, start);
        if (card != null) {
            return card;
        }
        Matcher id = at(CHINESE_ID, text, start);
        if (id.lookingAt() && isChineseId(id.group()) && !TEST_CHINESE_ID.contains(id.group())) {
            return Secret.masked(Kind.NATIONAL_ID, id.group(), 0);
        }
        Matcher ssn = at(SSN, text, start);
        if (ssn.lookingAt() && isSsn(ssn) && !TEST_SSN.contains(ssn.group())) {
            return Secret.masked(Kind.SSN, ssn.group(), 0);
        }
        Matcher bare = at(SSN_BARE, text, start);
        if (bare.lookingAt()
                && SSN_WORD.matcher(before(text, start, 40)).find()
                && !SecretPhones.isFiction(bare.group())) {
            return Secret.masked(Kind.SSN, bare.group(), 0);
        }
        Secret ip = ip(text, start, question);
        return ip != null ? ip : SecretPhones.at(text, start);
    }

    private static @Nullable Secret card(String text, int start) {
        Matcher card = at(CARD, text, start);
        if (!card.lookingAt() || (card.end() < text.length() && Character.isLetterOrDigit(text.charAt(card.end())))) {
            return null;
        }
        String digits = digits(card.group());
        boolean grouped = digits.length() < card.group().length();
        boolean named = CARD_WORD.matcher(before(text, start, 60)).find();
        return CARD_NETWORK.matcher(digits).matches()
                        && isLuhn(digits)
                        && !TEST_CARDS.contains(digits)
                        && (grouped || named)
                ? Secret.masked(Kind.CARD, card.group(), 0)
                : null;
    }

    static boolean isLuhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
            sum += i % 2 == 0 ? digit : doubled;
        }
        return sum % 10 == 0;
    }

    static boolean isChineseId(String id) {
        int sum = 0;
        int weight = 1;
        for (int i = 17; i >= 0; i--) {
            char c = id.charAt(i);
            sum += weight * (c == 'X' || c == 'x' ? 10 : c - '0');
            weight = weight * 2 % 11;
        }
        return sum % 11 == 1;
    }

    private static boolean isSsn(Matcher ssn) {
        String area = ssn.group(1);
        return !area.equals("000")
                && !area.equals("666")
                && area.charAt(0) != '9'
                && !ssn.group(2).equals("00")
                && !ssn.group(3).equals("0000");
    }

    /** An IBAN that begins here, with a capital; null for none. */
    static @Nullable Secret iban(String text, int start) {
        Matcher iban = at(IBAN, text, start);
        if (!iban.lookingAt()) {
            return null;
        }
        String compact = iban.group().replace(" ", "");
        return compact.length() >= 15 && isMod97(compact) && !TEST_IBAN.contains(compact)
                ? Secret.masked(Kind.IBAN, iban.group(), 0)
                : null;
    }

    static boolean isMod97(String iban) {
        StringBuilder number = new StringBuilder();
        for (char c : (iban.substring(4) + iban.substring(0, 4)).toCharArray()) {
            number.append(Character.digit(c, 36));
        }
        return new BigInteger(number.toString()).mod(NINETY_SEVEN).intValue() == 1;
    }

    private static @Nullable Secret ip(String text, int start, String question) {
        Matcher ip = at(IP, text, start);
        if (!ip.lookingAt()
                || question.contains(ip.group())
                || !IP_WORD.matcher(before(text, start, 60)).find()) {
            return null;
        }
        int[] octets = new int[4];
        for (int i = 0; i < 4; i++) {
            octets[i] = Integer.parseInt(ip.group(i + 1));
            if (octets[i] > 255) {
                return null;
            }
        }
        return isPublic(octets) ? Secret.masked(Kind.IP, ip.group(), 0) : null;
    }

    /** Whether an address is somebody's: not private, local, for documentation (RFC 5737), a mask or a well-known server. */
    private static boolean isPublic(int[] ip) {
        boolean special = ip[0] == 0
                || ip[0] == 10
                || ip[0] == 127
                || ip[0] >= 224
                || (ip[0] == 172 && ip[1] >= 16 && ip[1] < 32)
                || (ip[0] == 192 && ip[1] == 168)
                || (ip[0] == 169 && ip[1] == 254)
                || (ip[0] == 100 && ip[1] >= 64 && ip[1] < 128);
        boolean documentation = (ip[0] == 192 && ip[1] == 0 && ip[2] == 2)
                || (ip[0] == 198 && ip[1] == 51 && ip[2] == 100)
                || (ip[0] == 203 && ip[1] == 0 && ip[2] == 113)
                || (ip[0] == 198 && (ip[1] == 18 || ip[1] == 19));
        boolean known = ip[0] == ip[1] && ip[1] == ip[2] && ip[2] == ip[3];
        boolean plain = ip[0] < 10 || (ip[0] == 8 && ip[1] == 8) || (ip[0] == 1 && ip[2] == 3 && ip[3] == 4);
        return !special && !documentation && !known && !plain;
    }

    /** What stands before a place, so many characters at most. */
    static String before(String text, int start, int length) {
        return text.substring(Math.max(0, start - length), start);
    }

    static String digits(String number) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < number.length(); i++) {
            if (number.charAt(i) >= '0' && number.charAt(i) <= '9') {
                digits.append(number.charAt(i));
            }
        }
        return digits.toString();
    }

    /** A pattern from a place on, with what stands around it in view. */
    static Matcher at(Pattern pattern, String text, int start) {
        return pattern.matcher(text)
                .region(start, Math.min(text.length(), start + 60))
                .useTransparentBounds(true)
                .useAnchoringBounds(false);
    }
}
