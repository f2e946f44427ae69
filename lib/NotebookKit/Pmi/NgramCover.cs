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
internal sealed class NgramCover(NgramTrie trie)
{
    private readonly PieceRuns matches = new();
    private bool[] kept = [];
    private int[] order = [];

    /// <summary>Replaces the units by a cover of the words. Words that do not touch (a special token between them) share no match.</summary>
    /// <param name="ids">The sequence [time].</param>
    /// <param name="words">Its words as runs of ids.</param>
    /// <param name="units">Receives the units, with room for one for each word.</param>
    /// <param name="random">Decides between overlapping matches.</param>
    internal void Cover(ReadOnlySpan<int> ids, PieceRuns words, PieceRuns units, ref MaskingRandom random)
    {
        FindLargest(ids, words);
        Resolve(ref random);
        units.Count = 0;
        int match = 0;
        for (int word = 0; word < words.Count;)
        {
            while (match < matches.Count && (!kept[match] || matches.Starts[match] < word)) match++;
            int end = match < matches.Count && matches.Starts[match] == word ? matches.Ends[match] : word + 1;
            units.Add(words.Starts[word], words.Ends[end - 1]);
            word = end;
        }
    }

    /// <summary>Collects the matches that no other match contains, as runs of words: their starts and their ends both increase.</summary>
    private void FindLargest(ReadOnlySpan<int> ids, PieceRuns words)
    {
        if (kept.Length < words.Count)
        {
            kept = new bool[words.Count];
            order = new int[words.Count];
            matches.Reserve(words.Count);
        }
        matches.Count = 0;
        int covered = 0;
        for (int word = 0; word < words.Count; word++)
        {
            int end = LongestMatch(ids, words, word);
            // Every earlier match starts before this one, so it contains this one exactly if it ends no sooner.
            if (end <= covered) continue;
            matches.Add(word, end);
            covered = end;
        }
    }

    /// <summary>The end of the longest match that starts at a word, or 0.</summary>
    private int LongestMatch(ReadOnlySpan<int> ids, PieceRuns words, int word)
    {
        int longest = 0;
        int at = words.Starts[word];
        int node = trie.Start(ids[at++]);
        while (node != NgramTrie.Nowhere)
        {
            if (at == words.Ends[word])
            {
                if (trie.Rank(node) >= 0) longest = word + 1;
                if (++word == words.Count || words.Starts[word] != at) break;
            }
            node = trie.Step(node, ids[at++]);
        }
        return longest;
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
