using System.Text;
using Microsoft.ML.Tokenizers;

namespace NotebookKit.Tokenizers;

/// <summary>The pieces of a WordPiece model in the order of their ids, kept in BERT's <c>vocab.txt</c> format: one piece a line.</summary>
public sealed class WordPieceVocabulary
{
    /// <summary>What a piece that continues a word begins with.</summary>
    public const string ContinuationPrefix = "##";

    /// <summary>[PAD], [UNK], [CLS], [SEP] and [MASK]: the special tokens, which a trained vocabulary begins with.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly Dictionary<string, int> _ids;
    private readonly Lazy<BertTokenizer> _tokenizer;

    /// <summary>Makes a vocabulary of pieces in the order of their ids.</summary>
    /// <param name="pieces">Every piece once, the five special tokens among them.</param>
    /// <param name="lowerCase">Whether texts are lower-cased and lose their accents before they are encoded.</param>
    /// <exception cref="InvalidDataException">A piece is empty or there twice, or a special token is missing.</exception>
    public WordPieceVocabulary(IReadOnlyList<string> pieces, bool lowerCase = true)
    {
        Pieces = pieces;
        LowerCase = lowerCase;
        _tokenizer = new(CreateTokenizer);
        _ids = new(pieces.Count, StringComparer.Ordinal);
        for (int id = 0; id < pieces.Count; id++)
        {
            if (string.IsNullOrWhiteSpace(pieces[id])) throw new InvalidDataException($"Line {id + 1} of the vocabulary is empty; every line must hold one piece.");
            if (!_ids.TryAdd(pieces[id], id))
                throw new InvalidDataException($"'{pieces[id]}' stands on lines {_ids[pieces[id]] + 1} and {id + 1} of the vocabulary; remove one.");
        }
        foreach (string token in SpecialTokens)
            if (!_ids.ContainsKey(token)) throw new InvalidDataException($"The vocabulary has no {token}; a BERT vocabulary needs {string.Join(", ", SpecialTokens)}.");
    }

    /// <summary>The pieces; the place of each is its id.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>Number of pieces.</summary>
    public int Count => Pieces.Count;

    /// <summary>Whether texts are lower-cased and lose their accents before they are encoded.</summary>
    public bool LowerCase { get; }

    /// <summary>Id of [PAD], which fills a sequence up.</summary>
    public int PaddingId => _ids["[PAD]"];

    /// <summary>Id of [UNK], which stands for a word that the pieces cannot spell.</summary>
    public int UnknownId => _ids["[UNK]"];

    /// <summary>Id of [CLS], which opens a sequence.</summary>
    public int ClassificationId => _ids["[CLS]"];

    /// <summary>Id of [SEP], which closes a sequence.</summary>
    public int SeparatorId => _ids["[SEP]"];

    /// <summary>Id of [MASK], which hides a token.</summary>
    public int MaskId => _ids["[MASK]"];

    /// <summary>The id of a piece, or null when the vocabulary does not have it.</summary>
    /// <param name="piece">A piece, with its <c>##</c> where it continues a word.</param>
    public int? IdOf(string piece) => _ids.TryGetValue(piece, out int id) ? id : null;

    /// <summary>Whether the piece with this id continues a word rather than begins one.</summary>
    /// <param name="id">An id of this vocabulary.</param>
    public bool IsContinuation(int id) => Pieces[id].StartsWith(ContinuationPrefix, StringComparison.Ordinal) && Pieces[id].Length > ContinuationPrefix.Length;

    /// <summary>Whether the piece with this id is a special token.</summary>
    /// <param name="id">An id of this vocabulary.</param>
    public bool IsSpecial(int id) => SpecialTokens.Contains(Pieces[id]);

    /// <summary>
    /// The library's BERT tokenizer over these pieces, with the clean-up and word split that the pieces were trained with.
    /// Its <c>EncodeToIds</c> adds [CLS] and [SEP] unless told otherwise.
    /// </summary>
    public BertTokenizer CreateTokenizer()
    {
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', Pieces)));
        return BertTokenizer.Create(lines, new BertOptions
        {
            LowerCaseBeforeTokenization = LowerCase,
            Normalizer = new WordPieceNormalizer(LowerCase),
            PreTokenizer = new WordPiecePreTokenizer(SpecialTokens),
        });
    }

    /// <summary>The ids of a text, without [CLS] and [SEP].</summary>
    /// <param name="text">Any text.</param>
    public int[] Encode(string text) => [.. _tokenizer.Value.EncodeToIds(text, addSpecialTokens: false)];

    /// <summary>The ids of each text, without [CLS] and [SEP].</summary>
    /// <param name="texts">Any texts.</param>
    public IEnumerable<int[]> Encode(IEnumerable<string> texts) => texts.Select(Encode);

    /// <summary>Writes the pieces as <c>vocab.txt</c>: one a line, UTF-8. An existing file is replaced in one move.</summary>
    /// <param name="path">File to write.</param>
    public void Save(string path) => AtomicFile.Write(path, string.Join('\n', Pieces) + '\n');

    /// <summary>Reads a <c>vocab.txt</c>, one of ours or a published one.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="lowerCase">Whether it belongs to an uncased model; the file does not say.</param>
    /// <exception cref="InvalidDataException">The file is no vocabulary; the message names the file and the line.</exception>
    public static WordPieceVocabulary Load(string path, bool lowerCase = true)
    {
        try
        {
            return new(File.ReadAllLines(path), lowerCase);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }
}

/// <summary><see cref="BasicTokenizer"/>'s clean-up of a text, in the form that the tokenizer library takes.</summary>
/// <remarks>
/// The library has one of its own, but that one deletes tabs and line ends, which glues the words around them together, and strips
/// accents only on hosts with the ICU libraries.
/// </remarks>
/// <param name="lowerCase">Lower-case every letter and strip its accents (an uncased model).</param>
public sealed class WordPieceNormalizer(bool lowerCase = true) : Normalizer
{
    private readonly BasicTokenizer _basic = new(lowerCase);

    /// <inheritdoc/>
    public override string Normalize(string original) => Normalize(original.AsSpan());

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original)
    {
        var clean = new StringBuilder(original.Length);
        Span<char> utf16 = stackalloc char[2];
        Span<Rune> parts = stackalloc Rune[BasicTokenizer.MaxParts];
        foreach (Rune rune in _basic.Compose(original))
        {
            if (BasicTokenizer.IsSpace(rune)) clean.Append(' ');
            else
                foreach (Rune kept in parts[.._basic.Normalize(rune, parts)]) clean.Append(utf16[..kept.EncodeToUtf16(utf16)]);
        }
        return clean.ToString();
    }
}

/// <summary>
/// <see cref="BasicTokenizer"/>'s split of a normalized text into words and punctuation marks, in the form that the tokenizer library takes.
/// A special token such as <c>[MASK]</c> that stands in the text stays whole, whatever its case.
/// </summary>
/// <remarks>The library has one of its own, but that one drops the symbols (<c>$ &lt; = ></c>) and keeps <c>a_b</c> whole.</remarks>
/// <param name="specialTokens">The tokens to keep whole, such as <c>[MASK]</c>.</param>
public sealed class WordPiecePreTokenizer(IEnumerable<string> specialTokens) : PreTokenizer
{
    private readonly string[] _specialTokens = [.. specialTokens];

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        int start = 0;
        for (int at = 0, length; at < text.Length; at += length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out length);
            int special = SpecialTokenAt(text, at);
            if (special > 0) length = special;
            bool standsAlone = special > 0 || BasicTokenizer.StandsAlone(rune);
            if (!standsAlone && !BasicTokenizer.IsSpace(rune)) continue;
            if (at > start) yield return (start, at - start);
            if (standsAlone) yield return (at, length);
            start = at + length;
        }
        if (text.Length > start) yield return (start, text.Length - start);
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    private int SpecialTokenAt(string text, int at)
    {
        if (text[at] != '[') return 0;
        foreach (string token in _specialTokens)
            if (string.Compare(text, at, token, 0, token.Length, StringComparison.OrdinalIgnoreCase) == 0) return token.Length;
        return 0;
    }
}
