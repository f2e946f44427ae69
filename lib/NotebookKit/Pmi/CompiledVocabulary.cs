namespace NotebookKit.Pmi;

/// <summary>A masking vocabulary in the word pieces of one tokenizer. Immutable: all threads may share it.</summary>
public sealed class CompiledVocabulary
{
    /// <summary>Cuts every entry into pieces.</summary>
    /// <param name="vocabulary">The n-grams, in the tokenizer's case and without accents where it strips them.</param>
    /// <param name="alphabet">The tokenizer's pieces.</param>
    public CompiledVocabulary(MaskingVocabulary vocabulary, PieceAlphabet alphabet)
    {
        Alphabet = alphabet;
        Trie = new(alphabet.Pieces.Count);
        List<int> sequence = [];
        for (int rank = 0; rank < vocabulary.Count; rank++)
        {
            sequence.Clear();
            foreach (string word in vocabulary.Entries[rank].Ngram.Split(' '))
            {
                if (alphabet.Encode(word) is not { } pieces)
                {
                    sequence.Clear();
                    break;
                }
                sequence.AddRange(pieces);
            }
            if (sequence.Count == 0) Unknown++;
            else Trie.Add([.. sequence], rank);
        }
    }

    /// <summary>The tokenizer's pieces.</summary>
    public PieceAlphabet Alphabet { get; }

    /// <summary>How many entries were left out because the tokenizer does not know one of their words: [UNK] stands for many words.</summary>
    public int Unknown { get; }

    internal NgramTrie Trie { get; }
}
