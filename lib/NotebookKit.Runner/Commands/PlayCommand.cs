using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using NotebookKit.Play;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Site;
using NotebookKit.Studies.Experiments;
using NotebookKit.Training;

namespace NotebookKit.Runner.Commands;

/// <summary><c>nbk play</c>: serves a page where a group tries the three papers by hand.</summary>
internal static class PlayCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port (a free one)." };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 0 or > 65535) result.AddError("--port takes a number from 0 to 65535.");
        });
        var preset = new Option<string>("--preset") { Description = "The training that the models have, and get where they are missing: smoke (about a minute a bench), cpu (several) or long. Without it: the longest that the notebooks have kept, or smoke.", DefaultValueFactory = _ => "" };
        preset.AcceptOnlyFromAmong([.. Presets.OnTwoCores]);
        var quiet = new Option<bool>("--no-browser") { Description = "Do not open the page in the browser." };
        var lan = new Option<bool>("--lan") { Description = "Let other machines of the network reach the page; its address then holds a token." };
        var threads = new Option<int>("--threads") { Description = "Threads for the mathematics (all cores).", DefaultValueFactory = _ => Environment.ProcessorCount }.AtLeast(1);
        var command = new Command("play", "Try the three papers by hand, on a page that this machine serves.") { port, preset, quiet, lan, threads };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var repository = Repository.Find();
            int mathematics = parsed.GetValue(threads);
            TorchRuntime.Load(threads: mathematics);
            string data = Path.Combine(repository.Root, "data");
            PlayOptions options = new()
            {
                Port = parsed.GetValue(port),
                Token = parsed.GetValue(lan) ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)) : "",
                Stylesheet = PageShell.Asset("page.css"),
                BeginThread = () => TorchRuntime.Load(threads: mathematics),
            };
            await using var server = await PlayServer.StartAsync(PlayStands.Of(data, new RunCache(Path.Combine(data, "cache"))), options);
            string address = server.Address + (options.Token.Length > 0 ? $"?token={options.Token}" : "");
            Console.WriteLine($"The page: {address}");
            if (options.Token.Length > 0) WarnOfTheNetwork(server.Address.Port, options.Token);
            Console.WriteLine("Ctrl-C ends it.");
            foreach (string bench in (string[])["mask", "edit", "prompt"]) server.Prepare(bench, parsed.GetValue(preset)!);
            if (!parsed.GetValue(quiet)) OpenBrowser(address);
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine("Ending.");
            }
            return ExitCode.Done;
        }));
        return command;
    }

    private static void WarnOfTheNetwork(int port, string token)
    {
        Console.WriteLine("WARNING: every machine that reaches this one can open the page if it knows the token. The connection is not encrypted.");
        foreach (var address in Addresses()) Console.WriteLine($"  http://{address}:{port}/?token={token}");
    }

    private static IEnumerable<IPAddress> Addresses() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));

    // Where there is no screen there is no browser either, and the address is printed anyway.
    private static void OpenBrowser(string address)
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("DISPLAY") is null or "" && Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is null or "") return;
        try
        {
            Process.Start(new ProcessStartInfo(address) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException)
        {
            // No program is registered for web pages.
        }
    }
}
