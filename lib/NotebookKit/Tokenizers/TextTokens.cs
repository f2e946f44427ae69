namespace NotebookKit.Tokenizers;

/// <summary>How a text-to-text model reads and writes text: token ids, the token that pads and the token that ends a text.</summary>
public sealed class TextTokens
{
    private readonly Func<string, IEnumerable<int>> _encode;
    private readonly Func<IEnumerable<int>, string> _decode;

    /// <summary>The tokens of a tokenizer of any kind.</summary>
    /// <param name="encode">The ids of a text.</param>
    /// <param name="decode">The text of ids.</param>
    /// <param name="count">Number of tokens.</param>
    /// <param name="paddingId">Id that pads.</param>
    /// <param name="endId">Id that ends a text.</param>
    public TextTokens(Func<string, IEnumerable<int>> encode, Func<IEnumerable<int>, string> decode, int count, int paddingId, int endId) =>
        (_encode, _decode, Count, PaddingId, EndId) = (encode, decode, count, paddingId, endId);

    /// <summary>Number of tokens; ids from here on are free, for instance for sentinels.</summary>
    public int Count { get; }

    /// <summary>Id that pads, and that every output begins with.</summary>
    public int PaddingId { get; }

    /// <summary>Id that ends a text.</summary>
    public int EndId { get; }

    /// <summary>Word pieces: [PAD] pads, [SEP] ends.</summary>
    /// <param name="pieces">The vocabulary.</param>
    public static TextTokens Of(WordPieceVocabulary pieces)
    {
        var tokenizer = pieces.CreateTokenizer();
        return new(text => tokenizer.EncodeToIds(text, addSpecialTokens: false), ids => tokenizer.Decode(ids, skipSpecialTokens: true), pieces.Count, pieces.PaddingId, pieces.SeparatorId);
    }

    /// <summary>The ids of an input, cut to a length. No end token: T0's inputs have none.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="longest">The most tokens.</param>
    public int[] Input(string text, int longest) => [.. _encode(text).Take(longest)];

    /// <summary>The ids of a target: cut to a length that includes the end token, which is never cut.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="longest">The most tokens, at least 1.</param>
    public int[] Target(string text, int longest) => [.. _encode(text).Take(longest - 1), EndId];

    /// <summary>The text of an output, without padding and end.</summary>
    /// <param name="ids">Token ids.</param>
    public string Text(IEnumerable<int> ids) => _decode(ids.Where(id => id != PaddingId && id != EndId && id < Count));
}
