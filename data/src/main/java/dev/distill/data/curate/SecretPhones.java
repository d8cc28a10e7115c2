package dev.distill.data.curate;

import dev.distill.data.curate.Secret.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds telephone numbers: by the shape of a country's, by a plus before them, or by the words that announce them. */
final class SecretPhones {
    /** North America: (415) 867-2233. */
    private static final Pattern PHONE_US = Pattern.compile(
            "(?:1[-. ])?(?:\\(?[2-9]\\d{2}\\) ?|[2-9]\\d{2}[-.])([2-9]\\d{2})[-.](\\d{4})(?![\\d]|[-.]\\d| ?=)");

    /** +44 20 7123 4567. */
    private static final Pattern PHONE_WORLD = Pattern.compile(
            "\\+[1-9]\\d{0,2}[ .-]?(?:\\(\\d{1,4}\\)|\\d{1,4})(?:[ .-]?\\d{2,4}){2,4}(?![\\d]|[.,]\\d)");

    private static final Pattern PHONE_BARE =
            Pattern.compile("\\+?\\(?\\d{2,5}\\)?(?:[ .-]?\\d{2,8}){1,4}(?![\\d%]|[.,]\\d)");

    private static final Pattern PHONE_WORD = Pattern.compile(
            "(?:(?:phone|telephone|mobile|cell|tel|tel[ée]fono|t[ée]l[ée]phone|telefon(?:nummer)?|handy(?:nummer)?|m[oó]vil|celular|cellulare|numero|nummer|номер|телефон|電話(?:番号)?|whatsapp|fax|contact|call|text|reach)(?:[ -]?(?:number|no\\.?|phone))?(?: (?:me|us|him|her|them|is|at|on|:))*[ :.=*]{1,4}|(?:电话|手机|联系方式|微信|座机)(?:号码|号)?[是为:：* ]{0,4})$",
            Pattern.CASE_INSENSITIVE);

    /** 555-0100 to 555-0199, 020 7946 0xxx, 07700 900xxx and their like, which are for fiction. */
    private static final Pattern FICTION = Pattern.compile(
            "555-?01\\d{2}$|(?:0|\\+?44)?(?:20)?79460\\d{3}$|7700900\\d{3}$|^\\+?1?(?:800|888)?555\\d{4}$|(\\d)\\1{6}|1234567|^\\+?(?:86)?13800138000$|0123456|9876543");

    private SecretPhones() {}

    /** The telephone number that begins here; null for none. */
    static @Nullable Secret at(String text, int start) {
        Matcher us = SecretNumbers.at(PHONE_US, text, start);
        if (us.lookingAt()) {
            return isFiction(us.group()) ? null : Secret.masked(Kind.PHONE, us.group(), 0);
        }
        Matcher world = SecretNumbers.at(PHONE_WORLD, text, start);
        int count = world.lookingAt() ? SecretNumbers.digits(world.group()).length() : 0;
        boolean alone = start == 0 || " (:：\n\"'“,，；。*".indexOf(text.charAt(start - 1)) >= 0;
        if (alone && count >= 10 && count <= 15 && (world.group().length() > count + 1 || isNamed(text, start))) {
            return isFiction(world.group()) ? null : Secret.masked(Kind.PHONE, world.group(), 0);
        }
        Matcher bare = SecretNumbers.at(PHONE_BARE, text, start);
        int digits = bare.lookingAt() ? SecretNumbers.digits(bare.group()).length() : 0;
        return digits >= 7 && digits <= 15 && isNamed(text, start) && !isFiction(bare.group())
                ? Secret.masked(Kind.PHONE, bare.group(), 0)
                : null;
    }

    private static boolean isNamed(String text, int start) {
        return PHONE_WORD.matcher(SecretNumbers.before(text, start, 40)).find();
    }

    /** Whether a number is kept free for stories, or is no number of anybody. */
    static boolean isFiction(String number) {
        return FICTION.matcher(SecretNumbers.digits(number)).find();
    }
}
