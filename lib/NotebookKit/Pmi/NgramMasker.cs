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
