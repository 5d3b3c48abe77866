package codeartifact;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Scanner;

import javax.inject.Inject;
import javax.inject.Named;
import javax.inject.Provider;
import javax.inject.Singleton;

import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.spi.connector.RepositoryConnector;
import org.eclipse.aether.spi.connector.RepositoryConnectorFactory;
import org.eclipse.aether.transfer.NoRepositoryConnectorException;
import org.eclipse.aether.util.repository.AuthenticationBuilder;

/**
 * Gives a login to each repository that is CodeArtifact's, by its URL, and leaves the connection to Maven's own factory.
 * Not a transport, and not a reader of settings: the helper decides which hosts are ours, and as whom to go there.
 *
 * Sources: Maven Resolver's RepositoryConnectorFactory, which is the same in Maven 3.8, 3.9 and 4; Eclipse Sisu.
 */
@Named("codeartifact")
@Singleton
public final class CodeArtifact implements RepositoryConnectorFactory {
    /** Seconds after which the helper is asked again. It renews a token in time, and a daemon may live for days. */
    private static final long REMEMBERED = 30;
    private static final String BASIC = "\"Basic ";

    /** This factory and the others. A provider: the map itself would be made of its own part. */
    private final Provider<Map<String, RepositoryConnectorFactory>> factories;
    /** What the helper said of a URL, and when that was. */
    private final Map<String, String> logins = new HashMap<>();
    private final Map<String, Long> times = new HashMap<>();

    @Inject
    CodeArtifact(Provider<Map<String, RepositoryConnectorFactory>> factories) {
        this.factories = factories;
    }

    @Override
    public float getPriority() {
        return 100;
    }

    @Override
    public RepositoryConnector newInstance(RepositorySystemSession session, RemoteRepository repository)
            throws NoRepositoryConnectorException {
        RepositoryConnectorFactory next = null;
        for (RepositoryConnectorFactory factory : factories.get().values()) {
            if (factory != this && (next == null || factory.getPriority() > next.getPriority())) {
                next = factory;
            }
        }
        if (next == null) {
            throw new NoRepositoryConnectorException(repository);
        }
        return next.newInstance(session, withLogin(repository));
    }

    private RemoteRepository withLogin(RemoteRepository repository) {
        String login = login(repository.getUrl());
        int colon = login.indexOf(':');
        if (colon < 0) {
            return repository;
        }
        AuthenticationBuilder authentication = new AuthenticationBuilder();
        authentication.addUsername(login.substring(0, colon)).addPassword(login.substring(colon + 1));
        return new RemoteRepository.Builder(repository).setAuthentication(authentication.build()).build();
    }

    /** User and password with a colon between them. Empty for a repository that is not ours, or without a token. */
    private synchronized String login(String url) {
        long now = System.nanoTime() / 1_000_000_000;
        Long then = times.get(url);
        if (then == null || now - then > REMEMBERED) {
            logins.put(url, ask(url));
            times.put(url, now);
        }
        return logins.get(url);
    }

    /** The helper's messages go to Maven's own stderr. */
    private static String ask(String url) {
        if (!url.startsWith("https:")) {
            return "";
        }
        try {
            String helper = line(new Scanner(CodeArtifact.class.getResourceAsStream("helper"), "UTF-8"));
            ProcessBuilder command = new ProcessBuilder(helper, "get");
            Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (OutputStream stdin = process.getOutputStream()) {
                // A URI has no quote and no backslash, which would end the text.
                stdin.write(("{\"uri\":\"" + URI.create(url).toASCIIString() + "\"}").getBytes("UTF-8"));
            }
            String answer = line(new Scanner(process.getInputStream(), "UTF-8"));
            int start = answer.indexOf(BASIC) + BASIC.length();
            return start < BASIC.length() ? ""
                    : new String(Base64.getDecoder().decode(answer.substring(start, answer.indexOf('"', start))), "UTF-8");
        } catch (IOException | IllegalArgumentException exception) {
            System.err.println("codeartifact: no login for " + url + ": " + exception.getMessage());
            return "";
        }
    }

    private static String line(Scanner text) {
        return text.hasNextLine() ? text.nextLine() : "";
    }
}
