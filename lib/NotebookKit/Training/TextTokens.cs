using Microsoft.ML.Tokenizers;
using NotebookKit.Data;

namespace NotebookKit.Training;

/// <summary>How a text-to-text model reads and writes text: token ids, the token that pads and the token that ends a text.</summary>
public sealed class TextTokens
{
    private readonly Func<string, IEnumerable<int>> _encode;
    private readonly Func<IEnumerable<int>, string> _decode;

    private TextTokens(Func<string, IEnumerable<int>> encode, Func<IEnumerable<int>, string> decode, int count, int paddingId, int endId) =>
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
        BertTokenizer tokenizer = pieces.CreateTokenizer();
        return new(text => tokenizer.EncodeToIds(text, addSpecialTokens: false), ids => tokenizer.Decode(ids, skipSpecialTokens: true), pieces.Count, pieces.PaddingId, pieces.SeparatorId);
    }

    /// <summary>The SentencePiece model of a published T5 or T0: <c>spiece.model</c> in the folder of its weights.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="paddingId">Its padding token.</param>
    /// <param name="endId">Its end token.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static TextTokens Load(string folder, int paddingId = 0, int endId = 1)
    {
        string path = Path.Combine(folder, "spiece.model");
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no spiece.model in {folder}. It stands beside the weights of a published T5; copy it there.", path);
        using FileStream file = File.OpenRead(path);
        var tokenizer = SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false);
        return new(text => tokenizer.EncodeToIds(text), ids => tokenizer.Decode(ids), tokenizer.Vocabulary.Count, paddingId, endId);
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
