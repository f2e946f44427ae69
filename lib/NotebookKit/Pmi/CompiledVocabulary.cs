namespace NotebookKit.Pmi;

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
    internal int WordOf(ReadOnlySpan<int> pieces)
    {
        if (pieces.Length == 1) return wordOfPiece[pieces[0]];
        int node = spellings.Start(pieces[0]);
        for (int i = 1; i < pieces.Length && node != NgramTrie.Nowhere; i++) node = spellings.Step(node, pieces[i]);
        return node != NgramTrie.Nowhere && spellings.Rank(node) is var word and >= 0 ? word : NoWord;
    }
}
