using System.Runtime.InteropServices;
using System.Text;

namespace NotebookKit.Tokenizers;

/// <summary>
/// Trains a WordPiece vocabulary: words start as single characters, and the most frequent pair of neighbouring pieces is merged
/// into one again and again until the vocabulary is full.
/// </summary>
/// <remarks>
/// WordPiece as first described (Schuster and Nakajima 2012) merges the pair that raises the likelihood of the text most,
/// count(ab) / (count(a) count(b)); its trainer was never released, and that score spends the vocabulary on rare strings unless more
/// rules are added. Open trainers of BERT vocabularies merge the pair with the highest count instead, and so does this one.
/// Equal counts are decided by the pieces' ordinal order (left, then right), so that a text has one vocabulary.
/// Only training is merging: the tokenizer afterwards takes the longest piece that fits, from the left.
/// </remarks>
public static class WordPieceTrainer
{
    /// <summary>The tokenizer encodes a longer word as [UNK], so that it has nothing to teach.</summary>
    private const int LongestWord = 100;

    /// <summary>Trains on texts, which are cleaned and split into words exactly as the vocabulary's tokenizer will do it.</summary>
    /// <param name="texts">Documents or sentences, in any order: the result depends only on the words' counts.</param>
    /// <param name="training">Sizes and clean-up; left out: the paper's.</param>
    /// <param name="progress">Told about words counted and pieces found.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="ArgumentException">The vocabulary is too small for the special tokens and the alphabet.</exception>
    public static WordPieceVocabulary Train(
        IEnumerable<string> texts, WordPieceTraining? training = null, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        training ??= new();
        var words = CountWords(texts, training, cancellation);
        progress?.Report(new("word pieces", 0, training.VocabularySize, $"{words.Count:N0} distinct words"));
        var merging = new Merging(words, training);
        while (merging.Pieces.Count < training.VocabularySize && merging.MergeMostFrequentPair())
        {
            if (merging.Pieces.Count % 256 != 0) continue;
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new("word pieces", merging.Pieces.Count, training.VocabularySize));
        }
        progress?.Report(new("word pieces", merging.Pieces.Count, merging.Pieces.Count));
        return new(merging.Pieces, training.LowerCase);
    }

    private static Dictionary<string, long> CountWords(IEnumerable<string> texts, WordPieceTraining training, CancellationToken cancellation)
    {
        var normalizer = new WordPieceNormalizer(training.LowerCase);
        var preTokenizer = new WordPiecePreTokenizer(WordPieceVocabulary.SpecialTokens);
        var special = new HashSet<string>(WordPieceVocabulary.SpecialTokens, StringComparer.OrdinalIgnoreCase);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            string clean = normalizer.Normalize(text);
            foreach (var (offset, length) in preTokenizer.PreTokenize(clean))
                if (length <= LongestWord) CollectionsMarshal.GetValueRefOrAddDefault(bySpan, clean.AsSpan(offset, length), out _)++;
        }
        foreach (string word in counts.Keys.Where(special.Contains).ToList()) counts.Remove(word);
        return counts;
    }

    /// <summary>The words as sequences of pieces, the counts of neighbouring pairs, and where each pair occurs.</summary>
    private sealed class Merging
    {
        private readonly List<string> _pieces;
        private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
        private readonly List<(int[] Pieces, long Count)> _words = [];
        private readonly Dictionary<(int Left, int Right), long> _pairCounts = [];
        private readonly Dictionary<(int Left, int Right), HashSet<int>> _wordsWithPair = [];
        private readonly PriorityQueue<(int Left, int Right), (long Count, string Left, string Right)> _queue = new(MostFrequentFirst);
        private readonly int _minimumFrequency;

        private static readonly Comparer<(long Count, string Left, string Right)> MostFrequentFirst = Comparer<(long Count, string Left, string Right)>.Create((a, b) =>
            a.Count != b.Count ? b.Count.CompareTo(a.Count)
            : string.CompareOrdinal(a.Left, b.Left) is var left and not 0 ? left
            : string.CompareOrdinal(a.Right, b.Right));

        public Merging(Dictionary<string, long> words, WordPieceTraining training)
        {
            _minimumFrequency = Math.Max(1, training.MinimumFrequency);
            var alphabet = MostFrequentRunes(words, training.AlphabetLimit);
            _pieces = [.. WordPieceVocabulary.SpecialTokens];
            // Both forms of every letter, so that no word over the alphabet is unknown; what stands alone never continues a word.
            _pieces.AddRange(alphabet.Select(rune => rune.ToString()).Order(StringComparer.Ordinal));
            _pieces.AddRange(alphabet.Where(rune => !BasicTokenizer.StandsAlone(rune)).Select(rune => WordPieceVocabulary.ContinuationPrefix + rune).Order(StringComparer.Ordinal));
            if (_pieces.Count > training.VocabularySize)
                throw new ArgumentException(
                    $"A vocabulary of {training.VocabularySize} cannot hold the special tokens and the text's {alphabet.Count} characters, {_pieces.Count} pieces; raise {nameof(training.VocabularySize)} or lower {nameof(training.AlphabetLimit)}.", nameof(training));
            for (int id = 0; id < _pieces.Count; id++) _ids.Add(_pieces[id], id);
            foreach (var (word, count) in words)
                if (word.EnumerateRunes().All(alphabet.Contains)) AddWord(word, count);
            foreach (var (pair, count) in _pairCounts) Enqueue(pair, count);
        }

        public IReadOnlyList<string> Pieces => _pieces;

        /// <summary>Merges one pair everywhere; false when none is left that is frequent enough.</summary>
        public bool MergeMostFrequentPair()
        {
            while (_queue.TryDequeue(out var pair, out var entry))
            {
                long count = _pairCounts[pair];
                if (count < _minimumFrequency) continue;
                // Merges around it have lowered the count since it was queued: back in line.
                if (count != entry.Count) Enqueue(pair, count);
                else { Merge(pair); return true; }
            }
            return false;
        }

        private void Merge((int Left, int Right) pair)
        {
            // Two routes can lead to one piece (a+##bc, ab+##c): it keeps its first id.
            string merged = _pieces[pair.Left] + _pieces[pair.Right][WordPieceVocabulary.ContinuationPrefix.Length..];
            if (!_ids.TryGetValue(merged, out int id))
            {
                id = _pieces.Count;
                _pieces.Add(merged);
                _ids.Add(merged, id);
            }
            var raised = new HashSet<(int, int)>();
            foreach (int index in _wordsWithPair[pair])
            {
                var (before, count) = _words[index];
                int[] after = Replace(before, pair, id);
                if (after.Length == before.Length) continue;
                for (int i = 1; i < before.Length; i++) _pairCounts[(before[i - 1], before[i])] -= count;
                for (int i = 1; i < after.Length; i++)
                {
                    Count((after[i - 1], after[i]), index, count);
                    if (after[i - 1] == id || after[i] == id) raised.Add((after[i - 1], after[i]));
                }
                _words[index] = (after, count);
            }
            _wordsWithPair.Remove(pair);
            foreach (var neighbour in raised) Enqueue(neighbour, _pairCounts[neighbour]);
        }

        private static int[] Replace(int[] word, (int Left, int Right) pair, int merged)
        {
            var result = new List<int>(word.Length);
            for (int i = 0; i < word.Length; i++)
            {
                bool isPair = i + 1 < word.Length && word[i] == pair.Left && word[i + 1] == pair.Right;
                result.Add(isPair ? merged : word[i]);
                if (isPair) i++;
            }
            return [.. result];
        }

        private void AddWord(string word, long count)
        {
            int[] pieces = [.. word.EnumerateRunes().Select((rune, i) => _ids[i == 0 ? rune.ToString() : WordPieceVocabulary.ContinuationPrefix + rune])];
            _words.Add((pieces, count));
            for (int i = 1; i < pieces.Length; i++) Count((pieces[i - 1], pieces[i]), _words.Count - 1, count);
        }

        private void Count((int Left, int Right) pair, int word, long count)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_pairCounts, pair, out _) += count;
            ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(_wordsWithPair, pair, out _);
            (places ??= []).Add(word);
        }

        private void Enqueue((int Left, int Right) pair, long count) => _queue.Enqueue(pair, (count, _pieces[pair.Left], _pieces[pair.Right]));

        private static HashSet<Rune> MostFrequentRunes(Dictionary<string, long> words, int limit)
        {
            var counts = new Dictionary<Rune, long>();
            foreach (var (word, count) in words)
                foreach (var rune in word.EnumerateRunes()) CollectionsMarshal.GetValueRefOrAddDefault(counts, rune, out _) += count;
            return [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(limit).Select(c => c.Key)];
        }
    }
}

/// <summary>How a WordPiece vocabulary is trained. The defaults are those of the PMI-Masking paper (§4: 30K, uncased).</summary>
public sealed record WordPieceTraining
{
    /// <summary>Entries of the vocabulary, special tokens and alphabet included. Fewer result when the text has no more pairs to merge.</summary>
    public int VocabularySize { get; init; } = 30_000;

    /// <summary>Pairs seen fewer times than this are not merged.</summary>
    public int MinimumFrequency { get; init; } = 2;

    /// <summary>Characters that get a piece, the most frequent first; a word with any other character is encoded as [UNK].</summary>
    public int AlphabetLimit { get; init; } = 1_000;

    /// <summary>Lower-case the text and strip its accents first (an uncased model).</summary>
    public bool LowerCase { get; init; } = true;
}
