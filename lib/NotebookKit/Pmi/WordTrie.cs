namespace NotebookKit.Pmi;

/// <summary>A masking vocabulary over words as they are, without a tokenizer's pieces.</summary>
internal sealed class WordTrie
{
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);

    /// <summary>Numbers the words of all entries.</summary>
    internal WordTrie(MaskingVocabulary vocabulary)
    {
        int[][] sequences = [.. vocabulary.Entries.Select(entry => Array.ConvertAll(entry.Ngram.Split(' '), Intern))];
        // One more id stands for every word that is in no entry.
        Entries = new(sequences, ids.Count + 1);

        int Intern(string word)
        {
            if (!ids.TryGetValue(word, out int id)) ids.Add(word, id = ids.Count);
            return id;
        }
    }

    /// <summary>The entries as sequences of word ids; the rank of a sequence is the place of its entry.</summary>
    internal NgramTrie Entries { get; }

    /// <summary>The ids of words.</summary>
    internal int[] Number(IEnumerable<string> words) => [.. words.Select(word => ids.GetValueOrDefault(word, ids.Count))];
}
