using System.Runtime.CompilerServices;

namespace NotebookKit.Pmi;

/// <summary>
/// A set of sequences of ids, walked one id at a time. The first step is an array look-up, every other one a probe of a single hash table
/// that all nodes share.
/// </summary>
internal sealed class NgramTrie
{
    /// <summary>Where no sequence leads.</summary>
    internal const int Nowhere = 0;

    private readonly int[] first;
    private readonly List<int> ranks = [-1];
    private Edge[] edges = new Edge[1 << 10];
    private int used;
    private int shift = 64 - 10;

    /// <summary>An empty trie.</summary>
    /// <param name="alphabet">Ids lie between 0 and below this.</param>
    internal NgramTrie(int alphabet) => first = new int[alphabet];

    /// <summary>Adds a sequence. One that is there already keeps its rank.</summary>
    internal void Add(ReadOnlySpan<int> sequence, int rank)
    {
        ref int start = ref first[sequence[0]];
        if (start == Nowhere) start = NewNode();
        int node = start;
        foreach (int id in sequence[1..])
        {
            int next = Step(node, id);
            if (next == Nowhere) Insert(node, id, next = NewNode());
            node = next;
        }
        if (ranks[node] < 0) ranks[node] = rank;
    }

    /// <summary>The node after the first id of a sequence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Start(int id) => (uint)id < (uint)first.Length ? first[id] : Nowhere;

    /// <summary>The node after one more id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Step(int node, int id)
    {
        ulong key = Key(node, id);
        Edge[] table = edges;
        for (int slot = SlotOf(key); ; slot++)
        {
            ref Edge edge = ref table[slot & (table.Length - 1)];
            if (edge.Key == key) return edge.Target;
            if (edge.Key == 0) return Nowhere;
        }
    }

    /// <summary>The rank of the sequence that ends at a node, or -1.</summary>
    internal int Rank(int node) => ranks[node];

    private static ulong Key(int node, int id) => ((ulong)(uint)node << 32) | (uint)id;

    private int SlotOf(ulong key) => (int)(key * 0x9E3779B97F4A7C15 >> shift);

    private int NewNode()
    {
        ranks.Add(-1);
        return ranks.Count - 1;
    }

    private void Insert(int node, int id, int target)
    {
        if (++used * 2 > edges.Length)
        {
            Edge[] old = edges;
            edges = new Edge[old.Length * 2];
            shift--;
            foreach (Edge edge in old)
                if (edge.Key != 0) Place(edge);
        }
        Place(new Edge(Key(node, id), target));
    }

    private void Place(Edge edge)
    {
        int slot = SlotOf(edge.Key);
        while (edges[slot & (edges.Length - 1)].Key != 0) slot++;
        edges[slot & (edges.Length - 1)] = edge;
    }

    // Nodes are numbered from 1, so no key is 0.
    private readonly record struct Edge(ulong Key, int Target);
}
