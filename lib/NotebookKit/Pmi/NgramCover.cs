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
    private readonly PieceRuns matches = new();
    private int[] longest = [];
    private int[] walkers = [];
    private int[] nodes = [];
    private int[] reached = [];
    private bool[] kept = [];
    private bool[] inside = [];
    private int[] order = [];

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

        Span<bool> joined = inside.AsSpan(0, words.Length);
        joined.Clear();
        for (int match = 0; match < matches.Count; match++)
            if (kept[match]) joined[(matches.Starts[match] + 1)..matches.Ends[match]].Fill(true);
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
        longest.AsSpan(0, words.Length).Clear();
        int walking = 0;
        for (int word = 0; word + 1 < words.Length; word++)
        {
            int node = trie.Start(words[word]);
            walkers[walking] = word;
            nodes[walking] = node;
            walking += node == NgramTrie.Nowhere ? 0 : 1;
            trie.Prefetch(node, words[word + 1]);
        }
        for (int length = 2; walking > 0 && length <= longestEntry; length++)
        {
            for (int i = 0; i < walking; i++) reached[i] = trie.TryStep(nodes[i], words[walkers[i] + length - 1]);
            int going = 0;
            for (int i = 0; i < walking; i++)
            {
                int word = walkers[i];
                int node = reached[i];
                if (node == NgramTrie.Elsewhere) node = trie.StepOn(nodes[i], words[word + length - 1]);
                if (node == NgramTrie.Nowhere) continue;
                if (trie.IsFinal(node)) longest[word] = word + length;
                if (word + length == words.Length) continue;
                walkers[going] = word;
                nodes[going++] = node;
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
            int end = longest[word];
            matches.Starts[count] = word;
            matches.Ends[count] = end;
            count += end > covered ? 1 : 0;
            covered = Math.Max(covered, end);
        }
        matches.Count = count;
    }

    private void Reserve(int words)
    {
        if (longest.Length >= words) return;
        longest = new int[words];
        walkers = new int[words];
        nodes = new int[words];
        reached = new int[words];
        kept = new bool[words];
        inside = new bool[words];
        order = new int[words];
        matches.Reserve(words);
    }

    private void Resolve(ref MaskingRandom random)
    {
        for (int first = 0, last; first < matches.Count; first = last + 1)
        {
            for (last = first; last + 1 < matches.Count && Overlap(last, last + 1); last++) { }
            kept.AsSpan(first, last - first + 1).Clear();
            if (first == last) kept[first] = true;
            else ResolveChain(first, last, ref random);
        }
    }

    private void ResolveChain(int first, int last, ref MaskingRandom random)
    {
        int left = last - first + 1;
        for (int i = 0; i < left; i++) order[i] = first + i;
        while (left > 0)
        {
            int drawn = random.Next(left);
            int match = order[drawn];
            order[drawn] = order[--left];
            kept[match] = !OverlapsKept(match, first, last);
        }
    }

    private bool OverlapsKept(int match, int first, int last)
    {
        for (int other = match - 1; other >= first && Overlap(other, match); other--)
            if (kept[other]) return true;
        for (int other = match + 1; other <= last && Overlap(match, other); other++)
            if (kept[other]) return true;
        return false;
    }

    private bool Overlap(int earlier, int later) => matches.Ends[earlier] > matches.Starts[later];
}
