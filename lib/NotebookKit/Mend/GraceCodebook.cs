using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>One value of a <see cref="GraceCodebook"/>.</summary>
/// <param name="Key">The layer's input at the edit, [in].</param>
/// <param name="Value">What the layer puts out instead, [out].</param>
/// <param name="Radius">Up to which distance (L2) from the key.</param>
/// <param name="Answer">The answer that the value stands for.</param>
public sealed record GraceEntry(Tensor Key, Tensor Value, double Radius, IReadOnlyList<int> Answer);

/// <summary>
/// What GRACE learns (Hartvigsen et al. 2023): keys with values, each with a radius that new edits widen or split. A codebook does not change;
/// an edit gives the next one, so that it can be taken back.
/// </summary>
/// <param name="Entries">The entries.</param>
public sealed record GraceCodebook(IReadOnlyList<GraceEntry> Entries)
{
    /// <summary>No entry.</summary>
    public static GraceCodebook Empty { get; } = new([]);

    /// <summary>The nearest entry and its distance; null in an empty book.</summary>
    /// <param name="query">A layer's input, [in].</param>
    public (int Entry, double Distance)? Nearest(Tensor query)
    {
        if (Entries.Count == 0) return null;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        float[] distances = (stack(Entries.Select(e => e.Key).ToList()) - query).norm(dim: 1).cpu().data<float>().ToArray();
        int nearest = Array.IndexOf(distances, distances.Min());
        return (nearest, distances[nearest]);
    }

    /// <summary>The entry that answers a query, or null: d ≤ radius.</summary>
    public int? Find(Tensor query) => Nearest(query) is var (entry, distance) && distance <= Entries[entry].Radius ? entry : null;

    /// <summary>
    /// The next codebook: far from every key a new one; near a key of another answer both radii end half way between; near a key of the same
    /// answer its radius grows to reach the query.
    /// </summary>
    /// <param name="query">The layer's input at the edit, [in].</param>
    /// <param name="answer">The new answer. The authors' code compares the means of the labels, we the answers.</param>
    /// <param name="value">The value of a new entry, [out].</param>
    /// <param name="radius">The radius of a new entry.</param>
    /// <returns>The codebook, and which entry answers the query.</returns>
    public (GraceCodebook Codebook, int Entry) Take(Tensor query, IReadOnlyList<int> answer, Tensor value, double radius)
    {
        if (Nearest(query) is not var (near, distance) || distance > radius + Entries[near].Radius) return Add(Entries, radius);
        if (!Entries[near].Answer.SequenceEqual(answer)) return Add(With(near, distance / 2 - 1e-5), distance / 2);
        return (distance > Entries[near].Radius ? new(With(near, distance)) : this, near);

        (GraceCodebook, int) Add(IReadOnlyList<GraceEntry> entries, double reach) => (new([.. entries, new(query, value, reach, [.. answer])]), entries.Count);

        GraceEntry[] With(int entry, double reach) => [.. Entries.Select((e, i) => i == entry ? e with { Radius = reach } : e)];
    }
}
