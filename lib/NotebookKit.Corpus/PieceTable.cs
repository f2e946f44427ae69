using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace NotebookKit.Corpus;

/// <summary>The word pieces of each word, split once and then remembered, and their counts.</summary>
internal sealed class PieceTable
{
    private const string Unknown = "[UNK]";
    private readonly WordPieceTokenizer _tokenizer;
    private readonly List<int> _pieces = [];
    private readonly List<int> _starts = [0, 0];

    public PieceTable(string vocabularyFile)
    {
        try
        {
            _tokenizer = WordPieceTokenizer.Create(vocabularyFile, new() { UnknownToken = Unknown });
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            throw new InvalidDataException($"'{vocabularyFile}' is no word-piece vocabulary (one piece a line, {Unknown} among them): {e.Message}", e);
        }
    }

    /// <summary>The pieces met so far, with their counts.</summary>
    public WordTable Pieces { get; } = new();

    /// <summary>The ids of a word's pieces; a single 0, a gap, when the vocabulary cannot spell the word.</summary>
    /// <param name="word">The word's id; new ids come in the order 1, 2, 3, …</param>
    /// <param name="text">The word's bytes, which are not looked at when the id is known.</param>
    public ReadOnlySpan<int> Of(int word, ReadOnlySpan<byte> text)
    {
        if (word == _starts.Count - 1)
        {
            foreach (EncodedToken token in _tokenizer.EncodeToTokens(Encoding.UTF8.GetString(text), out _))
                _pieces.Add(token.Value == Unknown ? 0 : Pieces.Count(Encoding.UTF8.GetBytes(token.Value), weight: 0));
            _starts.Add(_pieces.Count);
        }
        return CollectionsMarshal.AsSpan(_pieces)[_starts[word].._starts[word + 1]];
    }
}
