using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>The numbers of a tensor where they lie, for optimizers that read and write each number once instead of once an operation.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Numbers that one thread takes at a time; sums are made over as many, so that they do not depend on the number of threads.</summary>
    internal const int Block = 1 << 14;

    /// <summary>Whether the tensor is one stretch of single-precision numbers in this process.</summary>
    internal static bool IsPlain(Tensor tensor) => tensor.device_type == TorchSharp.DeviceType.CPU && tensor.dtype == ScalarType.Float32 && tensor.is_contiguous();

    /// <summary>Where a plain tensor begins.</summary>
    internal static float* Start(Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>The sum of squares.</summary>
    internal static double SquaredNorm(float* from, int count)
    {
        var sum = Vector<float>.Zero;
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = Vector.Load(from + i);
            sum += x * x;
        }
        double rest = 0;
        for (; i < count; i++) rest += from[i] * from[i];
        return Vector.Sum(sum) + rest;
    }

    /// <summary>Runs something for 0, 1, … on as many threads as an operation may use.</summary>
    internal static void Each(int count, Action<int> run)
    {
        if (count < 8) for (int i = 0; i < count; i++) run(i);
        else Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, run);
    }
}
