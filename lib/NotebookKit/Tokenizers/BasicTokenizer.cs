using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace NotebookKit.Tokenizers;

/// <summary>
/// BERT's basic tokenisation: text into words and punctuation marks, before any word is cut into pieces (Devlin et al. 2019).
/// </summary>
/// <remarks>
/// Exactly, code point by code point:
/// <list type="number">
/// <item>U+0000, U+FFFD and the categories Cc and Cf are dropped, except tab, line feed and carriage return. A lone surrogate counts as U+FFFD.</item>
/// <item>Tab, line feed, carriage return and the categories Zs, Zl and Zp separate tokens.</item>
/// <item>Each CJK ideograph (the eight blocks that BERT lists) is a token of its own.</item>
/// <item>Uncased only: simple invariant lower-casing, then the accent goes (é becomes e) and code points of the category Mn are dropped.
/// <see cref="BaseLetters"/> says where this departs from Unicode's canonical decomposition.</item>
/// <item>Each punctuation mark (<see cref="IsPunctuation(Rune)"/>) is a token of its own: <c>don't</c> gives <c>don ' t</c>.</item>
/// </list>
/// The result does not depend on the host's culture or its globalization mode.
/// </remarks>
public sealed class BasicTokenizer
{
    /// <summary>A tokenizer.</summary>
    /// <param name="lowercase">True for an uncased model (the paper's): lower-case and without accents.</param>
    public BasicTokenizer(bool lowercase = true) => Lowercase = lowercase;

    /// <summary>Whether text is lower-cased and its accents are stripped.</summary>
    public bool Lowercase { get; }

    /// <summary>The tokens of a text, in order.</summary>
    public List<string> Tokenize(ReadOnlySpan<char> text)
    {
        List<string> tokens = [];
        StringBuilder word = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsSpace(rune))
            {
                Close(word, tokens);
                continue;
            }
            if (Normalize(rune) is not { } kept) continue;
            if (StandsAlone(kept))
            {
                Close(word, tokens);
                tokens.Add(kept.ToString());
            }
            else
            {
                word.Append(kept);
            }
        }
        Close(word, tokens);
        return tokens;
    }

    /// <summary>Whether a token, as <see cref="Tokenize"/> makes them, is a punctuation mark.</summary>
    public static bool IsPunctuation(string token) =>
        Rune.TryGetRuneAt(token, 0, out Rune first) && IsPunctuation(first);

    /// <summary>
    /// Whether a code point is punctuation: every printable ASCII character that is no letter, digit or space (so also <c>$ + &lt; = &gt; ^ ` | ~</c>),
    /// and the Unicode categories P*.
    /// </summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is > ' ' and < 0x7F && !char.IsAsciiLetterOrDigit((char)rune.Value)
        : Rune.GetUnicodeCategory(rune) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    /// <summary>Whether a code point separates tokens.</summary>
    public static bool IsSpace(Rune rune) => rune.IsAscii
        ? rune.Value is ' ' or '\t' or '\n' or '\r'
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Whether a code point, already normalised, is a token of its own: a punctuation mark or a CJK ideograph.</summary>
    public static bool StandsAlone(Rune rune) => IsPunctuation(rune) || IsIdeograph(rune.Value);

    /// <summary>What a code point that is no separator becomes inside a token, or null when it is dropped.</summary>
    public Rune? Normalize(Rune rune)
    {
        if (rune.IsAscii)
        {
            if (rune.Value is < ' ' or 0x7F) return null;
            return Lowercase && rune.Value is >= 'A' and <= 'Z' ? new Rune(rune.Value | 0x20) : rune;
        }
        if (rune == Rune.ReplacementChar) return null;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format) return null;
        if (!Lowercase) return rune;
        Rune letter = new(BaseLetters.Of(Rune.ToLowerInvariant(rune).Value));
        return Rune.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark ? null : letter;
    }

    private static bool IsIdeograph(int codePoint) => codePoint is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or
        (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    private static void Close(StringBuilder word, List<string> tokens)
    {
        if (word.Length == 0) return;
        tokens.Add(word.ToString());
        word.Clear();
    }
}

/// <summary>
/// The accent-free form of lower-case letters: é becomes e, ё becomes е.
/// </summary>
/// <remarks>
/// BERT strips accents by Unicode's canonical decomposition. .NET's own decomposition is absent in the invariant globalization mode,
/// so the same text would give other words on another host; this table does not depend on the host. It holds every character of the
/// basic plane whose canonical decomposition is one other character and non-spacing marks (Unicode 14). Left as they are, against
/// BERT: Hangul syllables, compatibility ideographs, and the few letters that decompose into two spacing characters.
/// </remarks>
internal static class BaseLetters
{
    // Each group is a base letter followed by its variants.
    private const string Groups =
        ";\u037e <\u226e =\u2260 >\u226f `\u1fef aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ bḃḅḇ cçćĉċčḉ dďḋḍḏḑḓ eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ fḟ gĝğġģǧǵḡ hĥȟḣḥḧḩḫẖ " +
        "iìíîïĩīĭįİǐȉȋḭḯỉị jĵǰ kķǩḱḳḵ lĺļľḷḹḻḽ mḿṁṃ nñńņňǹṅṇṉṋ oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ pṕṗ rŕŗřȑȓṙṛṝṟ sśŝşšșṡṣṥṧṩ tţťțṫṭṯṱẗ " +
        "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự vṽṿ wŵẁẃẅẇẉẘ xẋẍ yýÿŷȳẏẙỳỵỷỹ zźżžẑẓẕ \u00a8\u0385\u1fc1\u1fed\u1fee \u00b4\u1ffd \u00b7\u0387 æǣǽ øǿ ſẛ " +
        "\u0292\u01ef \u02b9\u0374 αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ εέἐἑἒἓἔἕὲέ ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ ιΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ οόὀὁὂὃὄὅὸό ρῤῥ " +
        "υΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ ϒϓϔ аӑӓ гѓ еѐёӗ жӂӝ зӟ ийѝӣӥ кќ оӧ уўӯӱӳ чӵ ыӹ эӭ ії ѵѷ әӛ өӫ \u05d0\ufb2e\ufb2f\ufb30 " +
        "\u05d1\ufb31\ufb4c \u05d2\ufb32 \u05d3\ufb33 \u05d4\ufb34 \u05d5\ufb35\ufb4b \u05d6\ufb36 \u05d8\ufb38 \u05d9\ufb1d\ufb39 \u05da\ufb3a " +
        "\u05db\ufb3b\ufb4d \u05dc\ufb3c \u05de\ufb3e \u05e0\ufb40 \u05e1\ufb41 \u05e3\ufb43 \u05e4\ufb44\ufb4e \u05e6\ufb46 \u05e7\ufb47 " +
        "\u05e8\ufb48 \u05e9\ufb2a\ufb2b\ufb2c\ufb2d\ufb49 \u05ea\ufb4a \u05f2\ufb1f \u0627\u0622\u0623\u0625 \u0648\u0624 \u064a\u0626 \u06c1\u06c2 " +
        "\u06d2\u06d3 \u06d5\u06c0 \u0915\u0958 \u0916\u0959 \u0917\u095a \u091c\u095b \u0921\u095c \u0922\u095d \u0928\u0929 \u092b\u095e " +
        "\u092f\u095f \u0930\u0931 \u0933\u0934 \u09a1\u09dc \u09a2\u09dd \u09af\u09df \u0a16\u0a59 \u0a17\u0a5a \u0a1c\u0a5b \u0a2b\u0a5e " +
        "\u0a32\u0a33 \u0a38\u0a36 \u0b21\u0b5c \u0b22\u0b5d \u0b47\u0b48 \u0cc2\u0cca \u0cd5\u0cc0\u0cc7 \u0cd6\u0cc8 \u0dd9\u0dda \u0f40\u0f69 " +
        "\u0f42\u0f43 \u0f4c\u0f4d \u0f51\u0f52 \u0f56\u0f57 \u0f5b\u0f5c \u1025\u1026 \u1b35\u1b3b\u1b3d\u1b43 \u1fbf\u1fcd\u1fce\u1fcf " +
        "\u1ffe\u1fdd\u1fde\u1fdf \u2002\u2000 \u2003\u2001 \u2190\u219a \u2192\u219b \u2194\u21ae \u21d0\u21cd \u21d2\u21cf \u21d4\u21ce " +
        "\u2203\u2204 \u2208\u2209 \u220b\u220c \u2223\u2224 \u2225\u2226 \u223c\u2241 \u2243\u2244 \u2245\u2247 \u2248\u2249 \u224d\u226d " +
        "\u2261\u2262 \u2264\u2270 \u2265\u2271 \u2272\u2274 \u2273\u2275 \u2276\u2278 \u2277\u2279 \u227a\u2280 \u227b\u2281 \u227c\u22e0 " +
        "\u227d\u22e1 \u2282\u2284 \u2283\u2285 \u2286\u2288 \u2287\u2289 \u2291\u22e2 \u2292\u22e3 \u22a2\u22ac \u22a8\u22ad \u22a9\u22ae " +
        "\u22ab\u22af \u22b2\u22ea \u22b3\u22eb \u22b4\u22ec \u22b5\u22ed \u2add\u2adc \u3008\u2329 \u3009\u232a \u3046\u3094 \u304b\u304c " +
        "\u304d\u304e \u304f\u3050 \u3051\u3052 \u3053\u3054 \u3055\u3056 \u3057\u3058 \u3059\u305a \u305b\u305c \u305d\u305e \u305f\u3060 " +
        "\u3061\u3062 \u3064\u3065 \u3066\u3067 \u3068\u3069 \u306f\u3070\u3071 \u3072\u3073\u3074 \u3075\u3076\u3077 \u3078\u3079\u307a " +
        "\u307b\u307c\u307d \u309d\u309e \u30a6\u30f4 \u30ab\u30ac \u30ad\u30ae \u30af\u30b0 \u30b1\u30b2 \u30b3\u30b4 \u30b5\u30b6 \u30b7\u30b8 " +
        "\u30b9\u30ba \u30bb\u30bc \u30bd\u30be \u30bf\u30c0 \u30c1\u30c2 \u30c4\u30c5 \u30c6\u30c7 \u30c8\u30c9 \u30cf\u30d0\u30d1 " +
        "\u30d2\u30d3\u30d4 \u30d5\u30d6\u30d7 \u30d8\u30d9\u30da \u30db\u30dc\u30dd \u30ef\u30f7 \u30f0\u30f8 \u30f1\u30f9 \u30f2\u30fa \u30fd\u30fe";

    private static readonly FrozenDictionary<int, int> BaseOf = Groups.Split(' ')
        .SelectMany(group => group.Skip(1).Select(variant => KeyValuePair.Create((int)variant, (int)group[0])))
        .ToFrozenDictionary();

    /// <summary>The base letter of a lower-case letter, or the code point itself.</summary>
    internal static int Of(int codePoint) => BaseOf.GetValueOrDefault(codePoint, codePoint);
}
