namespace NotebookKit.Studies.Data;

/// <summary>
/// Multinomial naive Bayes on lower-case words with add-one smoothing: what can be had from the words of a text without
/// their order. The yardstick that tells a trivial task from one worth probing with.
/// </summary>
public sealed class WordBaseline
{
    private readonly Dictionary<string, int[]> _counts = new(StringComparer.Ordinal);
    private readonly long[] _wordsOfClass;
    private readonly double[] _logPrior;
    private readonly int _mostWords;

    /// <summary>Counts the words of the training examples.</summary>
    /// <param name="train">The examples.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="mostWords">How many words from the beginning of a text are looked at.</param>
    public WordBaseline(IReadOnlyList<LabelledText> train, int classes, int mostWords = int.MaxValue)
    {
        _mostWords = mostWords;
        _wordsOfClass = new long[classes];
        int[] texts = new int[classes];
        foreach (var example in train)
        {
            texts[example.Label]++;
            foreach (string? word in WordsOf(example.Text).Take(mostWords))
            {
                if (!_counts.TryGetValue(word, out int[]? counts)) _counts[word] = counts = new int[classes];
                counts[example.Label]++;
                _wordsOfClass[example.Label]++;
            }
        }
        // log P(c), add-one
        _logPrior = [.. texts.Select(n => Math.Log((n + 1.0) / (train.Count + classes)))];
    }

    /// <summary>The most probable class of a text; of equals, the first.</summary>
    public int Predict(string text)
    {
        double[] score = (double[])_logPrior.Clone();
        foreach (string? word in WordsOf(text).Take(_mostWords))
        {
            if (!_counts.TryGetValue(word, out int[]? counts)) continue;
            // log P(w|c) = log (n_wc + 1) / (n_c + V)
            for (int c = 0; c < score.Length; c++)
                score[c] += Math.Log((counts[c] + 1.0) / (_wordsOfClass[c] + _counts.Count));
        }
        return Array.IndexOf(score, score.Max());
    }

    /// <summary>The share of the examples whose class is predicted.</summary>
    public double Accuracy(IReadOnlyList<LabelledText> examples) => examples.Count(e => Predict(e.Text) == e.Label) / (double)examples.Count;

    /// <summary>The words of a text in lower case: runs of letters and digits.</summary>
    internal static IEnumerable<string> WordsOf(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsLetterOrDigit(text[i])) continue;
            int start = i;
            while (i < text.Length && char.IsLetterOrDigit(text[i])) i++;
            yield return text[start..i].ToLowerInvariant();
        }
    }
}
