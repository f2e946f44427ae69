using System.Runtime.CompilerServices;

namespace NotebookKit.Pmi;

/// <summary>
/// PMI-Masking (Levine et al. 2021, section 3): the n-grams of a masking vocabulary are units, and every word outside them. The same
/// masker is Naive-PMI or Frequency-Masking when its vocabulary was ranked so (<see cref="NgramScore"/>). How overlaps are resolved:
/// <see cref="UnitSegmenter"/>.
/// </summary>
public class NgramMasker : Masker
{
    private readonly CompiledVocabulary vocabulary;
    private readonly NgramCover cover;
    private readonly PieceRuns runs = new();
    private readonly PieceRuns units = new();
    private int[] wordIds = [];

    /// <summary>A masker of a vocabulary's n-grams.</summary>
    /// <param name="name">The scheme's name, for example "PMI".</param>
    /// <param name="vocabulary">The n-grams in word pieces; maskers of several threads may share it.</param>
    /// <param name="options">Rate and replacement; BERT's when null.</param>
    public NgramMasker(string name, CompiledVocabulary vocabulary, MaskingOptions? options = null) : base(name, vocabulary.Alphabet, options)
    {
        this.vocabulary = vocabulary;
        cover = new(vocabulary.Entries, vocabulary.LongestEntry);
    }

    private protected override PieceRuns Cover(ReadOnlySpan<int> tokenIds, PieceRuns words, ref MaskingRandom random)
    {
        ReadOnlySpan<int> sequence = Number(tokenIds, words);
        units.Reserve(sequence.Length + 1);
        cover.Cover(sequence, units, ref random);
        // From runs of words to runs of pieces; the empty runs that stood for special tokens fall away.
        int count = 0;
        for (int unit = 0; unit < units.Count; unit++)
        {
            int start = runs.Starts[units.Starts[unit]], end = runs.Ends[units.Ends[unit] - 1];
            units.Starts[count] = start;
            units.Ends[count] = end;
            count += start == end ? 0 : 1;
        }
        units.Count = count;
        return units;
    }

    /// <summary>The words by their ids in the vocabulary. Where special tokens stand between two words there is one more, empty run, which ends every match.</summary>
    private ReadOnlySpan<int> Number(ReadOnlySpan<int> tokenIds, PieceRuns words)
    {
        if (wordIds.Length < 2 * words.Count)
        {
            wordIds = new int[2 * words.Count];
            runs.Reserve(2 * words.Count);
        }
        runs.Count = 0;
        for (int word = 0; word < words.Count; word++)
        {
            int start = words.Starts[word], end = words.Ends[word];
            if (word > 0 && words.Ends[word - 1] != start)
            {
                wordIds[runs.Count] = vocabulary.NoWord;
                runs.Add(start, start);
            }
            wordIds[runs.Count] = vocabulary.WordOf(tokenIds[start..end]);
            runs.Add(start, end);
        }
        return wordIds.AsSpan(0, runs.Count);
    }
}

/// <summary>A masking vocabulary for the word pieces of one tokenizer. Immutable: all threads may share it.</summary>
public sealed class CompiledVocabulary
{
    private readonly int[] wordOfPiece;
    private readonly NgramTrie spellings;

    /// <summary>Numbers the words of all entries, and finds how the tokenizer spells them in pieces.</summary>
    /// <param name="vocabulary">The n-grams, in the tokenizer's case and without accents where it strips them.</param>
    /// <param name="alphabet">The tokenizer's pieces.</param>
    public CompiledVocabulary(MaskingVocabulary vocabulary, PieceAlphabet alphabet)
    {
        Alphabet = alphabet;
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        List<int[]> pieces = [];
        List<int[]> entries = [];
        foreach (MaskingEntry entry in vocabulary.Entries)
        {
            string[] words = entry.Ngram.Split(' ');
            if (words.All(IsKnown)) entries.Add(Array.ConvertAll(words, word => ids[word]));
            else Unknown++;
        }

        NoWord = pieces.Count;
        wordOfPiece = new int[alphabet.Pieces.Count];
        Array.Fill(wordOfPiece, NoWord);
        for (int word = 0; word < pieces.Count; word++)
            if (pieces[word] is [int only]) wordOfPiece[only] = word;
        spellings = new(pieces, alphabet.Pieces.Count);
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
    internal int WordOf(ReadOnlySpan<int> pieces) => pieces.Length == 1 ? wordOfPiece[pieces[0]] : WordOfMany(pieces);

    private int WordOfMany(ReadOnlySpan<int> pieces)
    {
        int node = spellings.Start(pieces[0]);
        for (int i = 1; i < pieces.Length && node != NgramTrie.Nowhere; i++) node = spellings.Step(node, pieces[i]);
        return node != NgramTrie.Nowhere && spellings.Rank(node) is var word and >= 0 ? word : NoWord;
    }
}
