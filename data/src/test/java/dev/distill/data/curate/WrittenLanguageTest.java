package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sentences of everyday speech in the languages that IFEval asks for, written for this test. */
class WrittenLanguageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | The weather is nice today, and we are going to the park with our friends.",
                "en | THE WEATHER IS NICE TODAY AND WE ARE GOING TO THE PARK.",
                "es | El tiempo es bueno hoy y vamos al parque con los amigos de la escuela.",
                "pt | O tempo está bom hoje e nós vamos ao parque com os amigos da escola, mas não agora.",
                "fr | Il fait beau aujourd'hui et nous allons au parc avec les amis de la classe.",
                "de | Das Wetter ist heute schön und wir gehen mit den Freunden in den Park.",
                "it | Oggi il tempo è bello e andiamo al parco con gli amici della scuola, non è vero?",
                "pl | Dzisiaj jest ładna pogoda i idziemy do parku, ale nie wiem, czy to jest dobry plan.",
                "fi | Tänään on kaunis sää ja menemme puistoon, mutta se ei ole niin pitkä matka kuin luulin.",
                "vi | Hôm nay trời đẹp và chúng tôi đi đến công viên với những người bạn của lớp.",
                "sw | Leo hali ya hewa ni nzuri na watu wa mji wako katika bustani kwa ajili ya sherehe hii.",
                "ru | Сегодня хорошая погода, и мы идём в парк, чтобы встретить друзей. Это был бы хороший день.",
                "uk | Сьогодні гарна погода, і ми йдемо до парку зустріти друзів.",
                "bg | Днес времето е хубаво и ние отиваме в парка, където ще бъдат и другите.",
                "ar | الطقس جميل اليوم ونحن ذاهبون إلى الحديقة مع الأصدقاء في المدينة الكبيرة.",
                "fa | امروز هوا خوب است و ما با دوستان به پارک می‌رویم تا گردش کنیم.",
                "ur | آج موسم اچھا ہے اور ہم دوستوں کے ساتھ پارک جا رہے ہیں۔",
                "hi | आज मौसम अच्छा है और हम दोस्तों के साथ पार्क में जा रहे हैं।",
                "mr | आज हवामान चांगले आहे आणि आम्ही मित्रांसोबत बागेत जात आहोत.",
                "ne | आज मौसम राम्रो छ र हामी साथीहरूसँग पार्कमा जाँदै छौं, यो हाम्रो लागि हो।",
                "bn | আজ আবহাওয়া ভালো এবং আমরা বন্ধুদের সাথে পার্কে যাচ্ছি।",
                "ta | இன்று வானிலை நன்றாக உள்ளது, நாங்கள் பூங்காவிற்கு செல்கிறோம்.",
                "te | ఈరోజు వాతావరణం బాగుంది, మేము పార్కుకు వెళ్తున్నాము.",
                "kn | ಇಂದು ಹವಾಮಾನ ಚೆನ್ನಾಗಿದೆ ಮತ್ತು ನಾವು ಉದ್ಯಾನವನಕ್ಕೆ ಹೋಗುತ್ತಿದ್ದೇವೆ.",
                "ml | ഇന്ന് കാലാവസ്ഥ നല്ലതാണ്, ഞങ്ങൾ പാർക്കിലേക്ക് പോകുന്നു.",
                "gu | આજે હવામાન સારું છે અને અમે બગીચામાં જઈએ છીએ.",
                "pa | ਅੱਜ ਮੌਸਮ ਚੰਗਾ ਹੈ ਅਤੇ ਅਸੀਂ ਪਾਰਕ ਜਾ ਰਹੇ ਹਾਂ।",
                "th | วันนี้อากาศดีและเรากำลังไปสวนสาธารณะกับเพื่อน",
                "ko | 오늘은 날씨가 좋아서 친구들과 공원에 갑니다.",
                "ja | 今日は天気がいいので、友達と公園に行きます。",
                "zh | 今天天气很好，我们和朋友们一起去公园。",
                "he | היום מזג האוויר יפה ואנחנו הולכים לפארק עם חברים."
            })
    void isTold(String code, String text) {
        assertThat(WrittenLanguage.of(text)).contains(code);
    }

    @Test
    void aTextWithoutWordsIsInNoLanguage() {
        assertThat(WrittenLanguage.of("12 + 30 = 42")).isEmpty();
    }
}
