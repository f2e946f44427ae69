namespace NotebookKit.Pmi;

/// <summary>
/// Covers a sequence of words by units (Levine et al. 2021, section 3): the n-grams of a vocabulary, and whole words for the rest.
/// </summary>
/// <remarks>
/// A match is a run of words that spells an entry. (1) A match inside a larger one is dropped: the larger one is the unit. (2) The
/// remaining matches may still overlap in part, pairwise or in chains (a with b, b with c). The matches of a chain are visited in a
/// uniformly random order; each one is kept unless it overlaps one that was kept before. Two matches are thus decided by a fair coin, as
/// the paper says; of a chain a–b–c, b alone is kept with probability 1/3, and a and c with 2/3. (3) Every word that no kept match
/// covers, the words of a rejected match included, is a unit by itself: a smaller entry inside a rejected match does not come back.
/// </remarks>
internal sealed class NgramCover(NgramTrie trie, int longestEntry)
{
    private readonly PieceRuns _matches = new();
    private int[] _longest = [];
    private int[] _walkers = [];
    private int[] _nodes = [];
    private int[] _reached = [];
    private bool[] _kept = [];
    private bool[] _inside = [];
    private int[] _order = [];

    /// <summary>Covers a sequence of words.</summary>
    /// <param name="words">Ids of the trie; one that no entry has ends every match.</param>
    /// <param name="units">Receives the units as runs of words, with room for one for each word and one more.</param>
    /// <param name="random">Decides between overlapping matches.</param>
    internal void Cover(ReadOnlySpan<int> words, PieceRuns units, ref MaskingRandom random)
    {
        Reserve(words.Length);
        FindLongest(words);
        KeepLargest(words.Length);
        Resolve(ref random);

        var joined = _inside.AsSpan(0, words.Length);
        joined.Clear();
        for (int match = 0; match < _matches.Count; match++)
            if (_kept[match]) joined[(_matches.Starts[match] + 1).._matches.Ends[match]].Fill(true);
        // Without a branch: a start is written in any case and counted only if no match joins the word to the one before.
        int count = 0;
        for (int word = 0; word < joined.Length; word++)
        {
            units.Starts[count] = word;
            count += joined[word] ? 0 : 1;
            units.Ends[count - 1] = word + 1;
        }
        units.Count = count;
    }

    /// <summary>
    /// Finds, for each word, where the longest match that starts there ends, or 0. All words walk the trie together, one step a round:
    /// the memory of a whole round is asked for ahead, and no walk waits for another's. Most of the time of masking is spent here.
    /// </summary>
    private void FindLongest(ReadOnlySpan<int> words)
    {
        _longest.AsSpan(0, words.Length).Clear();
        int walking = 0;
        for (int word = 0; word + 1 < words.Length; word++)
        {
            int node = trie.Start(words[word]);
            _walkers[walking] = word;
            _nodes[walking] = node;
            walking += node == NgramTrie.Nowhere ? 0 : 1;
            trie.Prefetch(node, words[word + 1]);
        }
        for (int length = 2; walking > 0 && length <= longestEntry; length++)
        {
            for (int i = 0; i < walking; i++) _reached[i] = trie.TryStep(_nodes[i], words[_walkers[i] + length - 1]);
            int going = 0;
            for (int i = 0; i < walking; i++)
            {
                int word = _walkers[i];
                int node = _reached[i];
                if (node == NgramTrie.Elsewhere) node = trie.StepOn(_nodes[i], words[word + length - 1]);
                if (node == NgramTrie.Nowhere) continue;
                if (trie.IsFinal(node)) _longest[word] = word + length;
                if (word + length == words.Length) continue;
                _walkers[going] = word;
                _nodes[going++] = node;
                trie.Prefetch(node, words[word + length]);
            }
            walking = going;
        }
    }

    /// <summary>Drops every match inside another: the starts and the ends of the rest both increase.</summary>
    private void KeepLargest(int words)
    {
        int count = 0;
        int covered = 0;
        for (int word = 0; word < words; word++)
        {
            // Every earlier match starts before this one, so it contains this one exactly if it ends no sooner.
            int end = _longest[word];
            _matches.Starts[count] = word;
            _matches.Ends[count] = end;
            count += end > covered ? 1 : 0;
            covered = Math.Max(covered, end);
        }
        _matches.Count = count;
    }

    private void Reserve(int words)
    {
        if (_longest.Length >= words) return;
        _longest = new int[words];
        _walkers = new int[words];
        _nodes = new int[words];
        _reached = new int[words];
        _kept = new bool[words];
        _inside = new bool[words];
        _order = new int[words];
        _matches.Reserve(words);
    }

    private void Resolve(ref MaskingRandom random)
    {
        for (int first = 0, last; first < _matches.Count; first = last + 1)
        {
            for (last = first; last + 1 < _matches.Count && Overlap(last, last + 1); last++) { }
            _kept.AsSpan(first, last - first + 1).Clear();
            if (first == last) _kept[first] = true;
            else ResolveChain(first, last, ref random);
        }
    }

    private void ResolveChain(int first, int last, ref MaskingRandom random)
    {
        int left = last - first + 1;
        for (int i = 0; i < left; i++) _order[i] = first + i;
        while (left > 0)
        {
            int drawn = random.Next(left);
            int match = _order[drawn];
            _order[drawn] = _order[--left];
            _kept[match] = !OverlapsKept(match, first, last);
        }
    }

    private bool OverlapsKept(int match, int first, int last)
    {
        for (int other = match - 1; other >= first && Overlap(other, match); other--)
            if (_kept[other]) return true;
        for (int other = match + 1; other <= last && Overlap(match, other); other++)
            if (_kept[other]) return true;
        return false;
    }

    private bool Overlap(int earlier, int later) => _matches.Ends[earlier] > _matches.Starts[later];
}
