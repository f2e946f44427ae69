using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Models;

/// <summary>
/// Operations with numbers for models that two threads train at the same time. TorchSharp (0.107) makes an object of every number and gives torch its address only, so that a
/// collection that another thread starts can free the number before torch has read it. Here it is held until torch is done, and freed then. A sum of two tensors has a number
/// too, the factor 1.
/// </summary>
internal static class HeldNumbers
{
    private static readonly Scalar One = 1;

    internal static Tensor Plus(this Tensor x, Tensor y) => x.add(y, One);

    internal static Tensor Plus(this Tensor x, Scalar number)
    {
        using (number) return x.add(number, One);
    }

    internal static Tensor Times(this Tensor x, Scalar number)
    {
        using (number) return x.mul(number);
    }

    internal static Tensor Is(this Tensor x, Scalar number)
    {
        using (number) return x.eq(number);
    }

    internal static Tensor IsNot(this Tensor x, Scalar number)
    {
        using (number) return x.ne(number);
    }

    /// <summary>x with a number where the mask is true.</summary>
    internal static Tensor With(this Tensor x, Scalar number, Tensor mask)
    {
        using (number) return x.masked_fill(mask, number);
    }

    /// <summary>From <paramref name="first"/> on, int64 [count].</summary>
    internal static Tensor Range(long first, long count, Device device)
    {
        using Scalar from = first, to = first + count;
        return arange(from, to, One, dtype: int64, device: device);
    }
}
