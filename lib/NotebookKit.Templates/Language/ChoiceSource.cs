namespace NotebookKit.Templates.Language;

/// <summary>
/// Where the filters <c>choice</c> and <c>random</c> get their randomness from. A source may hold state, so it belongs to one
/// render at a time; <see cref="First"/> holds none.
/// </summary>
public abstract class ChoiceSource
{
    /// <summary>Always the first item: the same prompt every time, as in promptsource's conformance set.</summary>
    public static ChoiceSource First { get; } = new FirstChoice();

    /// <summary>A repeatable pseudo-random source (SplitMix64): the same seed gives the same choices on every machine.</summary>
    /// <param name="seed">Any number.</param>
    public static ChoiceSource Seeded(ulong seed) => new SeededChoice(seed);

    /// <summary>A repeatable source for one of many named items, so that a choice does not depend on the order of rendering.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="key">The name of the item, for instance the template and the row.</param>
    public static ChoiceSource Seeded(ulong seed, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        // FNV-1a over the UTF-16 units: string.GetHashCode differs from process to process.
        ulong hash = 14695981039346656037;
        foreach (char unit in key) hash = (hash ^ unit) * 1099511628211;
        return new SeededChoice(seed ^ hash);
    }

    /// <summary>A position in a sequence of <paramref name="count"/> items.</summary>
    /// <param name="count">At least 1.</param>
    /// <returns>A number from 0 to <paramref name="count"/> - 1.</returns>
    public abstract int Next(int count);

    private sealed class FirstChoice : ChoiceSource
    {
        public override int Next(int count) => 0;
    }

    private sealed class SeededChoice(ulong seed) : ChoiceSource
    {
        private ulong _state = seed;

        public override int Next(int count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
            // Multiply-shift on 32 bits; numbers in the short last interval are drawn again, so that every position is equally likely.
            uint n = (uint)count;
            ulong product = (ulong)(uint)(Draw() >> 32) * n;
            if ((uint)product < n)
            {
                uint threshold = (0u - n) % n;
                while ((uint)product < threshold) product = (ulong)(uint)(Draw() >> 32) * n;
            }
            return (int)(product >> 32);
        }

        private ulong Draw()
        {
            ulong z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
