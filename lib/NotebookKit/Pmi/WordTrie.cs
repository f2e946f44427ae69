namespace NotebookKit.Pmi;

/// <summary>A masking vocabulary over words as they are, without a tokenizer's pieces.</summary>
internal sealed class WordTrie
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>Numbers the words of all entries.</summary>
    internal WordTrie(MaskingVocabulary vocabulary)
    {
        int[][] sequences = [.. vocabulary.Entries.Select(entry => Array.ConvertAll(entry.Ngram.Split(' '), Intern))];
        // One more id stands for every word that is in no entry.
        Entries = new(sequences, _ids.Count + 1);

        int Intern(string word)
        {
            if (!_ids.TryGetValue(word, out int id)) _ids.Add(word, id = _ids.Count);
            return id;
        }
    }

    /// <summary>The entries as sequences of word ids; the rank of a sequence is the place of its entry.</summary>
    internal NgramTrie Entries { get; }

    /// <summary>The ids of words.</summary>
    internal int[] Number(IEnumerable<string> words) => [.. words.Select(word => _ids.GetValueOrDefault(word, _ids.Count))];
}
