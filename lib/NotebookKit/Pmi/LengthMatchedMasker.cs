namespace NotebookKit.Pmi;

/// <summary>
/// The control of PMI-Masking: it hides as much, in pieces of the same length, but elsewhere. Units are chosen as <see cref="NgramMasker"/>
/// chooses them. The chosen single words stay; each chosen unit of several words gives way to a run of as many words at a random place. What
/// is missing is one thing only: that the words of a run belong together.
/// </summary>
/// <remarks>
/// A run holds words that are not chosen yet and crosses no special token, and all runs together have no more pieces than the units they
/// stand for; a unit for which there is no such run is given up. The same state of the random source chooses the same single words as PMI.
/// </remarks>
public sealed class LengthMatchedMasker : NgramMasker
{
    private bool[] _taken = [];
    private int[] _lengths = [];

    /// <summary>A masker of random runs with the lengths of a vocabulary's units.</summary>
    /// <param name="name">The scheme's name.</param>
    /// <param name="vocabulary">The n-grams whose choice gives the lengths.</param>
    /// <param name="options">Rate and replacement; BERT's when null.</param>
    public LengthMatchedMasker(string name, CompiledVocabulary vocabulary, MaskingOptions? options = null) : base(name, vocabulary, options)
    {
    }

    private protected override void Choose(PieceRuns units, PieceRuns chosen, int budget, ref MaskingRandom random)
    {
        base.Choose(units, chosen, budget, ref random);
        Reserve(Words.Count);
        int left = 0;
        int runs = 0, singles = 0;
        for (int unit = 0; unit < chosen.Count; unit++)
        {
            (int start, int end) = (chosen.Starts[unit], chosen.Ends[unit]);
            int word = Array.BinarySearch(Words.Starts, 0, Words.Count, start);
            int length = WordsUpTo(word, end);
            if (length > 1)
            {
                _lengths[runs++] = length;
                left += end - start;
                continue;
            }
            _taken[word] = true;
            (chosen.Starts[singles], chosen.Ends[singles++]) = (start, end);
        }
        chosen.Count = singles;
        foreach (int length in _lengths.AsSpan(0, runs))
        {
            Span<int> starts = InOrder(Words.Count);
            while (starts.Length > 0)
            {
                int first = Draw(ref starts, ref random);
                if (!Fits(first, length, left)) continue;
                _taken.AsSpan(first, length).Fill(true);
                chosen.Add(Words.Starts[first], Words.Ends[first + length - 1]);
                left -= Words.Ends[first + length - 1] - Words.Starts[first];
                break;
            }
        }
        // What is left visible is single words: a unit may be hidden in part.
        units.Count = 0;
        for (int word = 0; word < Words.Count; word++) units.Add(Words.Starts[word], Words.Ends[word]);
    }

    private int WordsUpTo(int word, int end)
    {
        int length = 0;
        while (word + length < Words.Count && Words.Starts[word + length] < end) length++;
        return length;
    }

    private bool Fits(int first, int length, int left)
    {
        if (first + length > Words.Count || Words.Ends[first + length - 1] - Words.Starts[first] > left) return false;
        for (int word = first; word < first + length; word++)
            if (_taken[word] || (word > first && Words.Starts[word] != Words.Ends[word - 1])) return false;
        return true;
    }

    private void Reserve(int words)
    {
        if (_taken.Length < words) (_taken, _lengths) = (new bool[words], new int[words]);
        _taken.AsSpan(0, words).Clear();
    }
}
