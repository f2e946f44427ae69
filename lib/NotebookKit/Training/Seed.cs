using System.IO.Hashing;
using System.Text;
using TorchSharp;

namespace NotebookKit.Training;

/// <summary>
/// The root of everything random in a run. Each use derives a seed of its own by name and by number, so that a use added later
/// changes no other, and what is drawn at step 1,000 does not depend on what was drawn before it.
/// </summary>
/// <param name="Value">The 64 bits; a reader chooses a small number such as 0, 1 or 2.</param>
public readonly record struct Seed(ulong Value)
{
    /// <summary>The seed of one use, such as <c>masking</c>.</summary>
    /// <param name="use">A name that no other use of this seed has.</param>
    public Seed For(string use) => new(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(use), unchecked((long)Value)));

    /// <summary>The seed of one item in a sequence, such as a step.</summary>
    /// <param name="index">Place in the sequence.</param>
    public Seed At(long index) => new(XxHash3.HashToUInt64(BitConverter.GetBytes(index), unchecked((long)Value)));

    /// <summary>The seed as a non-negative number, for what takes one.</summary>
    public long ToInt64() => (long)(Value >> 1);

    /// <summary>A source of random numbers for managed code.</summary>
    public Random ToRandom() => new((int)(Value >> 33));

    /// <summary>The numbers from 0 to <paramref name="count"/> - 1 in an order drawn from this seed.</summary>
    /// <param name="count">How many numbers.</param>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        ToRandom().Shuffle(order);
        return order;
    }

    /// <summary>
    /// Seeds torch's own generator, on every device. Dropout draws from that one and takes no other; it belongs to the whole process.
    /// </summary>
    public void SeedTorch() => torch.random.manual_seed(ToInt64()).Dispose();
}
