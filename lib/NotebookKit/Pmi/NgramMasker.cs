using System.Runtime.CompilerServices;

namespace NotebookKit.Pmi;

/// <summary>
/// PMI-Masking (Levine et al. 2021, section 3): the n-grams of a masking vocabulary are units, and every word outside them. The same
/// masker is Naive-PMI or Frequency-Masking when its vocabulary was ranked so (<see cref="NgramScore"/>). How overlaps are resolved:
/// <see cref="UnitSegmenter"/>.
/// </summary>
public class NgramMasker : Masker
{
    private readonly CompiledVocabulary _vocabulary;
    private readonly NgramCover _cover;
    private readonly PieceRuns _runs = new();
    private readonly PieceRuns _units = new();
    private int[] _wordIds = [];

    /// <summary>A masker of a vocabulary's n-grams.</summary>
    /// <param name="name">The scheme's name, for example "PMI".</param>
    /// <param name="vocabulary">The n-grams in word pieces; maskers of several threads may share it.</param>
    /// <param name="options">Rate and replacement; BERT's when null.</param>
    public NgramMasker(string name, CompiledVocabulary vocabulary, MaskingOptions? options = null) : base(name, vocabulary.Alphabet, options)
    {
        _vocabulary = vocabulary;
        _cover = new(vocabulary.Entries, vocabulary.LongestEntry);
    }

    private protected override PieceRuns Cover(ReadOnlySpan<int> tokenIds, PieceRuns words, ref MaskingRandom random)
    {
        var sequence = Number(tokenIds, words);
        _units.Reserve(sequence.Length + 1);
        _cover.Cover(sequence, _units, ref random);
        // From runs of words to runs of pieces; the empty runs that stood for special tokens fall away.
        int count = 0;
        for (int unit = 0; unit < _units.Count; unit++)
        {
            int start = _runs.Starts[_units.Starts[unit]], end = _runs.Ends[_units.Ends[unit] - 1];
            _units.Starts[count] = start;
            _units.Ends[count] = end;
            count += start == end ? 0 : 1;
        }
        _units.Count = count;
        return _units;
    }

    /// <summary>The words by their ids in the vocabulary. Where special tokens stand between two words there is one more, empty run, which ends every match.</summary>
    private ReadOnlySpan<int> Number(ReadOnlySpan<int> tokenIds, PieceRuns words)
    {
        if (_wordIds.Length < 2 * words.Count)
        {
            _wordIds = new int[2 * words.Count];
            _runs.Reserve(2 * words.Count);
        }
        _runs.Count = 0;
        for (int word = 0; word < words.Count; word++)
        {
            int start = words.Starts[word], end = words.Ends[word];
            if (word > 0 && words.Ends[word - 1] != start)
            {
                _wordIds[_runs.Count] = _vocabulary.NoWord;
                _runs.Add(start, start);
            }
            _wordIds[_runs.Count] = _vocabulary.WordOf(tokenIds[start..end]);
            _runs.Add(start, end);
        }
        return _wordIds.AsSpan(0, _runs.Count);
    }
}

/// <summary>A masking vocabulary for the word pieces of one tokenizer. Immutable: all threads may share it.</summary>
public sealed class CompiledVocabulary
{
    private readonly int[] _wordOfPiece;
    private readonly NgramTrie _spellings;

    /// <summary>Numbers the words of all entries, and finds how the tokenizer spells them in pieces.</summary>
    /// <param name="vocabulary">The n-grams, in the tokenizer's case and without accents where it strips them.</param>
    /// <param name="alphabet">The tokenizer's pieces.</param>
    public CompiledVocabulary(MaskingVocabulary vocabulary, PieceAlphabet alphabet)
    {
        Alphabet = alphabet;
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        List<int[]> pieces = [];
        List<int[]> entries = [];
        foreach (var entry in vocabulary.Entries)
        {
            string[] words = entry.Ngram.Split(' ');
            if (words.All(IsKnown)) entries.Add(Array.ConvertAll(words, word => ids[word]));
            else Unknown++;
        }

        NoWord = pieces.Count;
        _wordOfPiece = new int[alphabet.Pieces.Count];
        Array.Fill(_wordOfPiece, NoWord);
        for (int word = 0; word < pieces.Count; word++)
            if (pieces[word] is [int only]) _wordOfPiece[only] = word;
        _spellings = new(pieces, alphabet.Pieces.Count);
        Entries = new(entries, NoWord + 1);
        LongestEntry = entries.Select(entry => entry.Length).DefaultIfEmpty().Max();

        bool IsKnown(string word)
        {
            if (ids.ContainsKey(word)) return true;
            if (alphabet.Encode(word) is not { } spelling) return false;
            ids.Add(word, pieces.Count);
            pieces.Add(spelling);
            return true;
        }
    }

    /// <summary>The tokenizer's pieces.</summary>
    public PieceAlphabet Alphabet { get; }

    /// <summary>How many entries were left out because the tokenizer does not know one of their words: [UNK] stands for many words.</summary>
    public int Unknown { get; }

    /// <summary>The entries as sequences of word ids.</summary>
    internal NgramTrie Entries { get; }

    /// <summary>The number of words of the longest entry.</summary>
    internal int LongestEntry { get; }

    /// <summary>The id of every word that is in no entry.</summary>
    internal int NoWord { get; }

    /// <summary>The id of the word that some pieces spell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int WordOf(ReadOnlySpan<int> pieces) => pieces.Length == 1 ? _wordOfPiece[pieces[0]] : WordOfMany(pieces);

    private int WordOfMany(ReadOnlySpan<int> pieces)
    {
        int node = _spellings.Start(pieces[0]);
        for (int i = 1; i < pieces.Length && node != NgramTrie.Nowhere; i++) node = _spellings.Step(node, pieces[i]);
        return node != NgramTrie.Nowhere && _spellings.Rank(node) is var word and >= 0 ? word : NoWord;
    }
}
