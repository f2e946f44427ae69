using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using NotebookKit.Training;

namespace NotebookKit.Runner.Kernel;

/// <summary>The child's side: reads cells from standard input, runs them in turn, writes events to standard output.</summary>
internal static class KernelServer
{
    public static async Task<int> RunAsync(string folder)
    {
        // The parent decides what Ctrl-C means; the terminal sends it to both.
        Console.CancelKeyPress += (_, pressed) => pressed.Cancel = true;
        var pipe = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
        var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        var gate = new Lock();
        void Send(CellEvent message)
        {
            lock (gate)
                pipe.WriteLine(message.Encode());
        }

        Directory.SetCurrentDirectory(folder);
        using var kernel = new ScriptKernel(folder, Send);
        kernel.TakeOver();

        var requests = Channel.CreateUnbounded<CellRequest>();
        await kernel.WarmUpAsync();
        Send(new CellFinished());
        new Thread(() => Listen(input, requests.Writer)) { IsBackground = true, Name = "requests" }.Start();
        await foreach (var cell in requests.Reader.ReadAllAsync())
        {
            if (cell.Code.Length > 0)
                await kernel.RunAsync(cell);
            else
                Send(new DevicesNamed(Devices()));
            Send(new CellFinished());
        }
        return 0;
    }

    private static string[] Devices()
    {
        if (!AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "TorchSharp"))
            return [];
        try
        {
            return [.. TorchRuntime.Load().Devices];
        }
        catch (TorchUnavailableException)
        {
            return [];
        }
    }

    private static void Listen(StreamReader input, ChannelWriter<CellRequest> requests)
    {
        while (input.ReadLine() is { } line)
            requests.TryWrite(JsonSerializer.Deserialize<CellRequest>(line)!);
        // The parent is gone or has no more cells: whatever still runs has no reader.
        Environment.Exit(0);
    }
}
